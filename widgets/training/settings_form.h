#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <QObject>
#include <QString>

#include "core/base/tree.h"
#include "core/training/settings.h"
#include "core/training/settings_fields.h"

class QFormLayout;
class QToolButton;
class QWidget;

namespace weft {

/// One setting on a form.
struct SettingField {
    std::string key; ///< below the project's `training`, a path with slashes: "optimizer/beta1"
    QString label;
    QString help;
    std::function<bool(const TrainingSettings&)> applies = {}; ///< whether the row is there; empty: always
};

/// The rows of a form of training settings: it shows settings, and tells what the user changes.
class SettingsForm : public QObject {
    Q_OBJECT

public:
    template <class T> using Get = std::function<T(const TrainingSettings&)>;

    /// `parent` owns the fields too.
    explicit SettingsForm(QWidget* parent);

    QFormLayout* layout() const { return m_form; }

    void addInteger(const SettingField& field, int minimum, int maximum, Get<std::int64_t> get);
    void addReal(const SettingField& field, const NumberRange& range, Get<double> get);
    void addIntegers(const SettingField& field, Get<std::vector<std::int64_t>> get);
    void addChoice(const SettingField& field, const std::vector<std::pair<QString, std::string>>& items, Get<std::string> get);
    void addSwitch(const SettingField& field, Get<bool> get);
    /// The rows added after this are there while the fold is open.
    void addFold(const QString& title, const QString& help);

    void show(const TrainingSettings& settings);

Q_SIGNALS:
    void changed(const QString& key, const weft::Tree& value, const QString& label);

private:
    struct Row {
        QWidget* field;
        QToolButton* fold; ///< or nullptr
        std::function<bool(const TrainingSettings&)> applies;
    };

    void addRow(const SettingField& field, QWidget* widget);
    void report(const SettingField& field, const Tree& value);
    void showRows();

    QFormLayout* m_form;
    QToolButton* m_fold = nullptr;
    TrainingSettings m_shown;
    std::vector<Row> m_rows;
    std::vector<std::function<void(const TrainingSettings&)>> m_readers;
    bool m_isShowing = false;
};

} // namespace weft
