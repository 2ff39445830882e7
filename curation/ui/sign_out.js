// Signing out: at once where everything is saved, else after saying what is not.

const PATIENCE_MS = 1500; // an answer that is just on its way is waited for

export default function signOut({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".sign-out");
  let timer = null;
  const open = () => openOutboxes(data.mine).reduce((sum, { number }) => sum + number, 0);
  const button = (label, action, kind = "") => make("button", { type: "button", class: `out ${kind}`, click: action }, label);
  const rest = () => place.replaceChildren(button("Sign out", () => leaveWhenSaved(performance.now())));
  const leave = () => setTriggerValue("leave", true);

  function leaveWhenSaved(since) {
    if (!open()) leave();
    else if (performance.now() - since > PATIENCE_MS) warn();
    else timer = window.setTimeout(() => leaveWhenSaved(since), 100);
  }

  function warn() {
    const number = open();
    const words = `${answers(number)} ${number === 1 ? "is" : "are"} not saved yet. Stay, or sign out and keep ${number === 1 ? "it" : "them"} in this browser tab for you.`;
    const stay = button("Stay", rest, "primary");
    place.replaceChildren(make("p", { role: "alert" }, words), stay, button("Sign out", leave));
    stay.focus();
  }

  rest();
  return () => window.clearTimeout(timer);
}
