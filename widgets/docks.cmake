# Sources of the panels around a run: training, data, predictions, runs.
set(WEFT_DOCKS_SOURCES)
