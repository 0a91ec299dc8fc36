// Speaks for the page: one polite live region, the focus on the heading after a step, and the browser's question before a
// tab with unsaved changes is left.

const RUNNING = "data-test-script-state";
const WATCHED = 3000; // milliseconds in which a heading that is drawn anew gets its focus back
// Kept with the window: this file is loaded anew where the component is drawn anew.
const kept = (window.whichteamSpeech ??= { seen: null, turns: 0 });

const keep = (event) => {
  event.preventDefault();
  event.returnValue = "";
};

// What is wrong with what was entered, else the heading.
function goal() {
  return (
    document.querySelector(".st-key-step-faults [role=alert]") ?? document.querySelector("[data-testid=stMain] h1")
  );
}

// Moves the focus at the end of the run, however long that takes. If the goal is drawn anew thereafter, the focus would be
// lost: it is put back, until the user does something or the time is over.
function turnTo(turn, end) {
  if (turn !== kept.turns) return;
  const app = document.querySelector(`[${RUNNING}]`);
  const done = app === null || app.getAttribute(RUNNING) === "notRunning";
  const to = goal();
  if (done && to && (end === null || document.activeElement === document.body)) {
    to.setAttribute("tabindex", "-1");
    to.focus();
    if (end === null) {
      end = Date.now() + WATCHED;
      for (const act of ["pointerdown", "keydown"]) {
        window.addEventListener(act, () => kept.turns === turn && (kept.turns += 1), { once: true, capture: true });
      }
    }
  }
  if (end === null || Date.now() < end) setTimeout(turnTo, 50, turn, end);
}

export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("[role=status]");
  const { seen } = kept;
  if (seen !== null && data.said !== seen.said && region) region.textContent = data.say;
  if (seen !== null && (data.turn !== seen.turn || data.page !== seen.page)) turnTo(++kept.turns, null);
  kept.seen = { said: data.said, turn: data.turn, page: data.page };
  window.removeEventListener("beforeunload", kept.keep);
  kept.keep = keep;
  if (data.unsaved) window.addEventListener("beforeunload", keep);
  return () => window.removeEventListener("beforeunload", keep);
}
