// Live rank: how the draft stands among the caption's rivals, asked of the server while it is typed.

const LIVE_PACE_MS = 120; // no more often than this is a draft sent, and never two at once
const LIVE_RETRY_MS = 500;
const LIVE_OFFLINE_MS = 3000;
const LIVE_REST_MS = 1500; // after so long without a key the figures are read aloud

/** The line under a draft. It shows what is known of this item at once, and then follows `followLive`. */
function liveLine(state, item) {
  if (!item.live) return null;
  const live = liveOf(state, item);
  live.figures = el("span", { class: "live-figures" });
  live.spoken = el("span", { class: "spoken", role: "status" });
  live.line = el("p", { class: "live", "aria-label": "This draft among the caption's rivals" }, live.figures, live.spoken);
  paintLive(live);
  return live.line;
}

/** Rank a draft: at once where nothing is under way, else as soon as that has come back; only the newest counts. */
function followLive(state, item, text) {
  if (!item.live) return;
  const live = liveOf(state, item);
  const wanted = tidy(text);
  if (wanted === live.wanted) return;
  live.wanted = wanted;
  live.changedAt = performance.now();
  paintLive(live);
  askSoon(live);
}

/** One item's live rank; turning to another item ends that of the one before. */
function liveOf(state, item) {
  if (state.live?.address === item.live) return state.live;
  if (state.live) {
    clearTimeout(state.live.timer);
    clearTimeout(state.live.rest);
    state.live.asking?.abort();
  }
  state.live = { address: item.live, wanted: null, known: null, answer: null, message: "", asking: null, timer: 0, rest: 0, sentAt: -Infinity };
  return state.live;
}

function askSoon(live, pause = 0) {
  if (live.asking) return;
  clearTimeout(live.timer);
  live.timer = setTimeout(() => askNow(live), Math.max(pause, live.sentAt + LIVE_PACE_MS - performance.now(), 0));
}

async function askNow(live) {
  const text = live.wanted;
  if (!text || text === live.known || !live.line?.isConnected) return;
  live.sentAt = performance.now();
  live.asking = new AbortController();
  let again = 0;
  try {
    const answer = await fetch(live.address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
      signal: live.asking.signal,
    });
    const body = await answer.json();
    if (answer.status === 200) {
      Object.assign(live, { answer: body, known: text, message: "" });
    } else {
      live.message = answer.status === 202 ? body.message : `not available: ${body.message}`;
      again = answer.status === 202 ? LIVE_RETRY_MS : 0;
      if (!again) live.known = text; // the same draft would meet the same answer
      if (!again) live.answer = null;
    }
  } catch {
    if (live.asking.signal.aborted) return;
    live.message = "not available: the app does not answer";
    again = LIVE_OFFLINE_MS;
  }
  live.asking = null;
  paintLive(live);
  if (live.wanted !== live.known) askSoon(live, again);
}

function paintLive(live) {
  if (!live.figures) return;
  const current = live.known === live.wanted;
  live.line.dataset.state = live.message ? "away" : current && live.answer ? "ready" : "waiting";
  live.figures.replaceChildren(...liveParts(live));
  clearTimeout(live.rest);
  if (current) live.rest = setTimeout(() => speakLive(live), LIVE_REST_MS);
}

function liveParts(live) {
  if (live.wanted === "") return ["nothing to rank yet"];
  if (live.message) return [live.message];
  if (!live.answer) return ["…"];
  const { before, of, stale } = live.answer;
  const moved = (name, words) => {
    const [was, is] = [words(before[name]), words(live.answer[name])];
    return el("b", {}, was === is ? is : `${was} → ${is}`);
  };
  const whole = (number) => number.toLocaleString("en");
  const signed = (number) => `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(3)}`;
  return [
    el("span", {}, "rank among rivals ", moved("rank", whole), ` of ${whole(of)}`),
    el("span", {}, "margin ", moved("margin", signed)),
    el("span", {}, "rivals that fit ", moved("fits", whole)),
    stale ? el("span", {}, "rivals of an earlier text") : null,
  ].filter(Boolean);
}

function speakLive(live) {
  const words = live.figures.textContent && [...live.figures.childNodes].map((part) => part.textContent).join(", ");
  if (words !== live.spoken.textContent) live.spoken.textContent = words.replaceAll("→", "to");
}
