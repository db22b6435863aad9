#pragma once

#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/training/progress.h"

namespace weft {

/// The numbers have left the range: the state is lost, and why is a matter of the settings.
class DivergedError : public Error {
public:
    DivergedError(const TrainingProgress& at, double loss) :
        Error(WEFT_TEXT("Training",
                        "The loss became %1 at step %2 (epoch %3). Lower the learning rate, now %4, and check the data for extreme or "
                        "missing values."),
              std::isnan(loss) ? "NaN" : "infinite", at.step, at.epoch, at.learningRate)
    {
    }
    DivergedError(const TrainingProgress& at, const std::string& variable) :
        Error(WEFT_TEXT("Training",
                        "The numbers in \"%1\" became NaN or infinite before step %2 (epoch %3). Lower the learning rate, now %4, and "
                        "check the data for extreme or missing values. The checkpoint before stays."),
              variable, at.step, at.epoch, at.learningRate)
    {
    }
};

} // namespace weft
