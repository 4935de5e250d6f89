// Start the slides once the formulas stand.
// What moves on a slide has the keys while it has the focus; Escape and a presenter's remote leave it.
const inside = () => document.activeElement?.closest?.(".carousel-player, .fe");
const keyboardCondition = () => !inside();
const leave = (event) => {
  if (!inside() || !["Escape", "PageDown", "PageUp"].includes(event.key)) return;
  document.activeElement.blur();
  if (event.key === "Escape") event.stopPropagation();
};
addEventListener("keydown", leave, true);

const turn = () => {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
};

// The clock of an exercise or a break: T starts it, and stops it.
const told = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
const clocks = new Map();
document.querySelectorAll(".timer").forEach((clock) => {
  clock.textContent = told(60 * Number(clock.dataset.minutes));
});
const start = () => {
  const clock = Reveal.getCurrentSlide()?.querySelector(".timer");
  if (!clock) return;
  if (clocks.has(clock)) {
    clearInterval(clocks.get(clock));
    clocks.delete(clock);
    return;
  }
  const end = Date.now() + 1000 * clock.textContent.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    clock.textContent = told(left);
    if (left === 0) clearInterval(clocks.get(clock));
  };
  clocks.set(clock, setInterval(tick, 250));
};

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

MathJax.startup.promise
  .then(() => MathJax.typesetPromise())
  .then(() => document.fonts.ready)
  .then(() =>
    Reveal.initialize({
      width: 1280,
      height: 720,
      margin: 0,
      maxScale: 4,
      center: false,
      display: "flex",
      hash: true,
      slideNumber: "c/t",
      transition: still ? "none" : "fade",
      transitionSpeed: "fast",
      backgroundTransition: "none",
      controlsTutorial: false,
      navigationMode: "linear",
      pdfSeparateFragments: false,
      keyboardCondition,
      plugins: [RevealNotes],
    }),
  )
  .then(() => {
    // The speaker's view lacks the styles that hide what is for screen readers.
    document.querySelectorAll(".notes mjx-assistive-mml").forEach((node) => node.remove());
    const look = document.querySelector("template.player-look");
    document.querySelectorAll(".carousel-player").forEach((host) => onSlide(host, look.content.textContent));
    Reveal.addKeyBinding({ keyCode: 84, key: "T", description: "Start or stop the clock" }, start);
    Reveal.addKeyBinding({ keyCode: 68, key: "D", description: "Light or dark" }, turn);
    document.documentElement.dataset.ready = "true";
  });
