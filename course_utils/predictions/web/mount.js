const room = host.lastChild;
takeKeys(host.host);
follow(host.host, (theme) => { room.dataset.theme = theme; });
if (!window.carouselPredictions) {
  window.carouselPredictions = openStore();
  watchFolds(window.carouselPredictions);
}
if (data.asked) new Score(room, data, window.carouselPredictions);
else new Prediction(room, data, window.carouselPredictions);
