// Speaks for the page: one polite live region, the focus on the heading after a step, and the browser's question before a
// tab with unsaved changes is left.

const RUNNING = "data-test-script-state";
const LONGEST = 15000; // milliseconds that a heading is waited for
let seen = null;

const keep = (event) => {
  event.preventDefault();
  event.returnValue = "";
};

function headingWhenDone(until) {
  const app = document.querySelector(`[${RUNNING}]`);
  const heading = document.querySelector("[data-testid=stMain] h1");
  if (heading && (app === null || app.getAttribute(RUNNING) === "notRunning")) {
    heading.setAttribute("tabindex", "-1");
    heading.focus();
  } else if (Date.now() < until) {
    setTimeout(headingWhenDone, 50, until);
  }
}

export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("[role=status]");
  const first = seen === null;
  if (!first && data.said !== seen.said && region) region.textContent = data.say;
  if (!first && (data.turn !== seen.turn || data.page !== seen.page)) headingWhenDone(Date.now() + LONGEST);
  seen = { said: data.said, turn: data.turn, page: data.page };
  window.removeEventListener("beforeunload", keep);
  if (data.unsaved) window.addEventListener("beforeunload", keep);
  return () => window.removeEventListener("beforeunload", keep);
}
