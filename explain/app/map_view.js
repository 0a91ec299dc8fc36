// Shows the picture of the team graph, and tells the app which team or move was chosen in it.
// Teams and moves are links in the picture, so that Tab reaches them and Enter follows them.

const ABOUT = "#about--";
const STEP = 1.25;

function shown(svgText) {
  const picture = new DOMParser().parseFromString(svgText, "image/svg+xml").documentElement;
  return document.importNode(picture, true);
}

function target(link) {
  const href = link.getAttribute("xlink:href") || link.getAttribute("href") || "";
  return href.startsWith(ABOUT) ? href.slice(ABOUT.length) : null;
}

export default function ({ parentElement, data, setStateValue }) {
  const frame = parentElement.querySelector(".frame");
  const focused = parentElement.activeElement ?? document.activeElement;
  const before = focused instanceof Element && frame.contains(focused) ? target(focused) : null;

  if (frame.dataset.picture !== data.picture) {
    frame.dataset.picture = data.picture;
    frame.replaceChildren(shown(data.svg));
  }
  const picture = frame.querySelector("svg");
  const links = [...picture.querySelectorAll("a")].filter((link) => target(link) !== null);
  for (const link of links) {
    const chosen = target(link) === data.chosen;
    link.classList.toggle("chosen", chosen);
    link.toggleAttribute("aria-current", chosen);
    link.onclick = (event) => {
      event.preventDefault();
      setStateValue("chosen", target(link));
    };
  }
  if (before !== null) links.find((link) => target(link) === before)?.focus();

  const full = picture.viewBox.baseVal.width;
  const zoom = (factor) => {
    frame.dataset.zoom = factor;
    picture.style.width = factor === 1 ? "100%" : `${full * 1.2 * factor}px`;
    picture.style.maxWidth = factor === 1 ? `${full * 1.34}px` : "none";
  };
  const now = () => Number(frame.dataset.zoom || 1);
  parentElement.querySelector(".fit").onclick = () => zoom(1);
  parentElement.querySelector(".in").onclick = () => zoom(now() * STEP);
  parentElement.querySelector(".out").onclick = () => zoom(now() / STEP);
  parentElement.querySelector(".clear").onclick = () => setStateValue("chosen", "");
  zoom(now());
}
