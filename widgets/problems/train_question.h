#pragma once

#include <vector>

#include <QDialog>

#include "core/base/diagnostic.h"

namespace weft {

class ProjectDocument;

/// Asked when Train is pressed although a run would fail: shows each fault with its remedies. A remedy mends it and ends
/// the question; it is accepted where the user wants to train all the same.
class TrainQuestion : public QDialog {
    Q_OBJECT

public:
    /// `mayInsist`: the faults are the data's alone, which may be others where it is trained.
    TrainQuestion(const std::vector<Diagnostic>& faults, bool mayInsist, ProjectDocument* document, QWidget* parent = nullptr);

Q_SIGNALS:
    /// The user wants to see the node of a fault.
    void nodeActivated(const std::string& node);
};

} // namespace weft
