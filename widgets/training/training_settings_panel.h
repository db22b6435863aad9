#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <QWidget>

#include "core/base/edit.h"
#include "core/base/tree.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;
class QToolButton;

namespace weft {

class ProjectDocument;
struct TrainingSettings;

/// Optimizer, learning rate, epochs and the rest of a project's `training` as a form. Every change is
/// one undo step.
class TrainingSettingsPanel : public QWidget {
    Q_OBJECT

public:
    explicit TrainingSettingsPanel(ProjectDocument* document, QWidget* parent = nullptr);
    ~TrainingSettingsPanel() override;

private:
    QSpinBox* addInteger(const QString& label, const QString& help, const std::string& key, int minimum, int maximum,
                         std::function<qint64(const TrainingSettings&)> get);
    QLineEdit* addReal(const QString& label, const QString& help, const std::string& key, double minimum, bool isMinimumAllowed, double limit,
                       std::function<double(const TrainingSettings&)> get);
    QLineEdit* addIntegers(const QString& label, const QString& help, const std::string& key,
                           std::function<std::vector<std::int64_t>(const TrainingSettings&)> get);
    QComboBox* addChoice(const QString& label, const QString& help, const std::string& key, const std::vector<std::pair<QString, std::string>>& items,
                         std::function<std::string(const TrainingSettings&)> get);
    QCheckBox* addSwitch(const QString& label, const QString& help, const std::string& key, std::function<bool(const TrainingSettings&)> get);
    void addRow(const QString& label, QWidget* field);
    void addOptimizer();
    void addAdvanced();
    /// Says when the row of `field` is shown, beside the fold that it lies in.
    void showWhen(QWidget* field, std::function<bool(const TrainingSettings&)> applies);
    void showRows(const TrainingSettings& settings);
    void set(const std::string& key, const Tree& value, const QString& label);
    void refresh();
    void showLoss();

    ProjectDocument* m_document;
    QFormLayout* m_form;
    QComboBox* m_optimizer;
    QLabel* m_loss;
    QLabel* m_fault;
    QToolButton* m_more;
    struct Row {
        QWidget* field;
        bool isAdvanced;
        std::function<bool(const TrainingSettings&)> applies; ///< empty: always
    };
    std::vector<Row> m_rows; ///< those that are not always there
    bool m_isAddingAdvanced = false;
    std::vector<std::function<void(const TrainingSettings&)>> m_readers;
    bool m_isRefreshing = false;
};

/// The edit that sets `training/KEY`, a path with slashes; makes the map `optimizer` where it is absent.
Edit trainingEdit(const Tree& training, const std::string& key, const Tree& value);

} // namespace weft
