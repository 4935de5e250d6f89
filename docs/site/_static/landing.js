// The first page: its player starts by itself.
(() => {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  /** Start the player when it is first seen, where motion is welcome; its own button stops it. */
  function startPlayer(host) {
    if (still.matches || !("IntersectionObserver" in window)) return;
    const watch = new IntersectionObserver(([entry]) => {
      const button = host.shadowRoot?.querySelector(".play");
      if (!entry.isIntersecting || !button) return;
      watch.disconnect();
      if (button.getAttribute("aria-label") === "Play") button.click();
    }, { threshold: [0.1, 0.2, 0.3, 0.4, 0.5] });
    watch.observe(host);
  }

  const start = () => document.querySelectorAll(".moving-picture .carousel-player").forEach(startPlayer);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
