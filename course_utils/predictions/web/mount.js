const room = host.lastChild;
follow(host.host, (theme) => { room.dataset.theme = theme; });
window.carouselPredictions ??= openStore();
if (data.asked) new Score(room, data, window.carouselPredictions);
else new Prediction(room, data, window.carouselPredictions);
