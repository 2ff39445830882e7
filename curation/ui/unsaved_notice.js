// The notice on pages that are no review screens: which answers still wait, and the way to where they are sent.

const asked = (window.regrainAsked ??= new Set()); // ids that a server was asked about: the answer may have got lost

export default function notice({ data, parentElement, setStateValue }) {
  const place = parentElement.querySelector(".unsaved");
  takeOff(data.mine, new Set(data.saved));
  const ids = openIds(data.mine);
  if (ids.some((id) => !asked.has(id))) {
    for (const id of ids) asked.add(id);
    setStateValue("open", ids);
  } else paint();
  const timer = window.setInterval(paint, 2000);
  return () => window.clearInterval(timer);

  function paint() {
    const lines = openOutboxes(data.mine).map(({ title, href, number }) =>
      make("p", {}, `${answers(number)} of ${title} ${number === 1 ? "waits" : "wait"} to be saved: `, make("a", { href }, "open it")),
    );
    const shows = lines.map((line) => line.textContent).join();
    if (place.dataset.shows === shows) return;
    place.dataset.shows = shows;
    place.replaceChildren(...lines);
  }
}
