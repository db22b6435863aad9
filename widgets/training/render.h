#pragma once

#include <QString>

namespace weft {

/// Writes pictures of a run into `outDir`, which is made: curves.png (loss and metric) and
/// predictions.png (test images with true and predicted class, mistakes marked). Needs a QApplication,
/// offscreen is enough, and the program `weft` for the predictions. Runs an event loop meanwhile.
/// Returns an exit code: 0 done, 1 failed with a sentence on stderr.
int renderRun(const QString& run, const QString& outDir);

} // namespace weft
