// The notice on pages that are no review screens: which answers still wait, and the way to where they are sent.

export default function notice({ data, parentElement }) {
  const place = parentElement.querySelector(".unsaved");
  const paint = () => {
    const lines = openOutboxes(data.mine).map(({ title, href, number }) =>
      make("p", {}, `${answers(number)} of ${title} ${number === 1 ? "waits" : "wait"} to be saved: `, make("a", { href }, "open it")),
    );
    if (place.dataset.lines === String(lines.map((line) => line.textContent))) return;
    place.dataset.lines = String(lines.map((line) => line.textContent));
    place.replaceChildren(...lines);
  };
  paint();
  const timer = window.setInterval(paint, 2000);
  return () => window.clearInterval(timer);
}
