// The animated cells on a slide: two at a time, so that their letters can be read from the last row.
const PAIRS = [["GRU", "RNN and LSTM"], ["LSTM", "RNN and GRU"], ["SimpleRNN", "LSTM and GRU"]];

const chooser = (player) => {
  const menu = document.createElement("select");
  menu.append(...PAIRS.map(([without, words]) => new Option(words, without)));
  menu.addEventListener("change", () => (player.dataset.without = menu.value));
  player.dataset.without = menu.value;
  const field = document.createElement("label");
  field.className = "field";
  field.append("Cells ", menu);
  return field;
};

const onSlide = (host, look) => {
  if (!host.shadowRoot) return void requestAnimationFrame(() => onSlide(host, look));
  host.shadowRoot.appendChild(document.createElement("style")).textContent = look;
  const player = host.shadowRoot.querySelector(".player");
  if (player.matches(".cells-3")) player.querySelector(".speed").after(chooser(player));
};
