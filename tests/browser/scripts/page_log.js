// What a tab did and saw, as its own clock tells: presses, paints, decisions, acknowledgements. Added before the page.
//
// The reviewer keeps its state in `window.regrainReviewers`; the log listens to the few fields that say when an item
// was painted (`paintedAt`), a decision numbered (`number`) and acknowledged (`pending`).
(() => {
  const log = { presses: [], paints: [], decisions: [], acked: [], frames: [] };
  window.regrainLog = log;

  window.addEventListener("keydown", (event) => event.isTrusted && log.presses.push(event.timeStamp), true);

  // The browser's own measure of press to frame, rounded to 8 ms: a second opinion on `paints`.
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === "keydown") log.frames.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });

  const sessions = new Map();
  sessions.set = (key, state) => Map.prototype.set.call(sessions, key, listenedTo(state));
  window.regrainReviewers = sessions;

  function listenedTo(state) {
    hear(state, "paintedAt", (at) => at !== null && log.paints.push({ at, item: state.paintedId, caption: caption(state) }));
    hear(state, "number", (number) => {
      const made = { press: log.presses.at(-1) ?? null, seen: state.paintedAt };
      queueMicrotask(() => {
        const { id, item_id, verdict } = state.pending.find((decision) => decision.number === number);
        log.decisions.push({ ...made, id, item_id, verdict });
      });
    });
    hear(state, "pending", (now, before) => {
      const open = new Set(now.map((decision) => decision.id));
      const ids = before.map((decision) => decision.id).filter((id) => !open.has(id));
      if (ids.length) afterFrame((at) => log.acked.push(...ids.map((id) => ({ id, at }))));
    });
    return state;
  }

  function hear(state, name, told) {
    let value = state[name];
    Object.defineProperty(state, name, {
      get: () => value,
      set: (next) => {
        const before = value;
        value = next;
        told(next, before);
      },
      enumerable: true,
    });
  }

  function afterFrame(then) {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => then(performance.now());
    requestAnimationFrame(() => channel.port2.postMessage(null));
  }

  function caption(state) {
    return state.parts.judge?.querySelector(".cap")?.textContent ?? null;
  }

  function shownState() {
    return [...sessions.values()].find((state) => state.parts?.root);
  }

  /** Resolve with the item's id once an item has been on the screen for `ms`. */
  log.seen = async (ms) => {
    for (;;) {
      const state = shownState();
      const left = state?.paintedId && state.paintedAt !== null ? state.paintedAt + ms - performance.now() : 5;
      if (left <= 0) return state.paintedId;
      await new Promise((done) => setTimeout(done, left));
    }
  };

  /** Resolve once everything is acknowledged. */
  log.settled = async () => {
    while (shownState()?.pending.length !== 0) await new Promise((done) => setTimeout(done, 50));
    await new Promise((done) => setTimeout(done, 100));
  };

  log.told = () => {
    const { presses, paints, decisions, acked, frames } = log;
    return { presses, paints, decisions, acked, frames, ignored: shownState()?.ignoredTotal ?? 0 };
  };
})();
