// Saves the figure beside it as PNG or SVG, and its data as CSV, without asking the server.

export default function chartSave({ data, parentElement }) {
  const box = parentElement.querySelector(".save");
  const button = (label, save) => {
    const node = document.createElement("button");
    node.type = "button";
    node.textContent = label;
    node.title = `Save as ${label}`;
    node.addEventListener("click", save);
    return node;
  };
  const buttons = [button("CSV", () => download(new Blob([data.csv], { type: "text/csv" }), `${data.name}.csv`))];
  if (data.chart) {
    buttons.unshift(
      button("PNG", () => savePng(data)),
      button("SVG", () => download(svgBlob(drawing(data.figure)), `${data.name}.svg`)),
    );
  }
  box.replaceChildren(...buttons);
}

const SVG = "http://www.w3.org/2000/svg";

/** Put the layers of a Plotly figure (several SVGs, and canvases for many points) into one SVG. */
function drawing(key) {
  const plot = document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`);
  const { width, height } = plot.getBoundingClientRect();
  const whole = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` })) {
    whole.setAttribute(name, value);
  }
  const ground = document.createElementNS(SVG, "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(plot.closest(".stApp")).backgroundColor);
  whole.append(ground);
  for (const layer of plot.querySelectorAll("svg.main-svg, .gl-container canvas")) {
    whole.append(layer.tagName === "CANVAS" ? canvasLayer(layer, width, height) : layer.cloneNode(true));
  }
  return whole;
}

function canvasLayer(canvas, width, height) {
  const image = document.createElementNS(SVG, "image");
  image.setAttribute("href", canvas.toDataURL());
  image.setAttribute("width", width);
  image.setAttribute("height", height);
  return image;
}

function svgBlob(svg) {
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

async function savePng(data) {
  const svg = drawing(data.figure);
  const image = new Image();
  image.src = URL.createObjectURL(svgBlob(svg));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * Number(svg.getAttribute("width"));
  canvas.height = 2 * Number(svg.getAttribute("height"));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  canvas.toBlob((blob) => download(blob, `${data.name}.png`), "image/png");
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
