#pragma once

#include <functional>
#include <string>
#include <vector>

#include <QRect>
#include <QString>

namespace weft {

class MainWindow;
struct Network;

/// A layer that the tour asks for: its type and the parameters it must have.
struct TourLayer {
    std::string type;
    std::int64_t number = 0; ///< filters of a convolution, units of a Dense; 0 for any
};

/// One thing to do. The tour goes on as soon as `isDone`, and back when it is undone.
struct TourStep {
    QString title;
    QString text;
    /// Where to click, in the window's coordinates; empty for no place.
    std::function<QRect(MainWindow&)> place;
    std::function<bool(MainWindow&)> isDone;
    /// Brings into view what the step needs. May be empty.
    std::function<void(MainWindow&)> prepare;
};

/// How many of `layers`, from the first on, are there and wired one behind the other.
std::size_t chainLength(const Network& network, const std::vector<TourLayer>& layers);
/// The steps that build and train LeNet, in the user's language.
std::vector<TourStep> lenetTour();

} // namespace weft
