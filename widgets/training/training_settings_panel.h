#pragma once

#include <string>

#include <QWidget>

#include "core/base/edit.h"
#include "core/base/tree.h"

class QLabel;

namespace weft {

class ProjectDocument;
class SettingsForm;

/// Optimizer, learning rate, epochs and the rest of a project's `training` as a form. Every change is
/// one undo step.
class TrainingSettingsPanel : public QWidget {
    Q_OBJECT

public:
    explicit TrainingSettingsPanel(ProjectDocument* document, QWidget* parent = nullptr);
    ~TrainingSettingsPanel() override;

private:
    void addOptimizer();
    void addRun();
    void addSchedule();
    void addMethods();
    void addRanks();
    void set(const QString& key, const Tree& value, const QString& label);
    void refresh();
    void showLoss();

    ProjectDocument* m_document;
    SettingsForm* m_form;
    QLabel* m_loss;
    QLabel* m_fault;
};

/// The edit that sets `training/KEY`, a path with slashes; makes the map `optimizer` where it is absent.
Edit trainingEdit(const Tree& training, const std::string& key, const Tree& value);

} // namespace weft
