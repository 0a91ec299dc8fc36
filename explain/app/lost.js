// Tells the app when this page comes back to it after the connection was lost. Streamlit leaves the page as it was then,
// even where the session that drew it has ended: an answer would stand there that belongs to no case that is open.

const STATE = "data-test-connection-state";

export default function ({ data, setStateValue }) {
  const app = document.querySelector(`[${STATE}]`);
  if (app === null) return;
  let before = app.getAttribute(STATE);
  const observer = new MutationObserver(() => {
    const now = app.getAttribute(STATE);
    if (now === "CONNECTED" && before !== "CONNECTED") setStateValue("drawn_by", data.session);
    before = now;
  });
  observer.observe(app, { attributes: true, attributeFilter: [STATE] });
  return () => observer.disconnect();
}
