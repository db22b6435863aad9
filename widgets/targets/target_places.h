#pragma once

#include "widgets/training_places.h"

namespace weft {

/// The user's targets as places to train, in the order of their names. Where their file is damaged, one place that says so.
TrainingPlaces targetPlaces();

} // namespace weft
