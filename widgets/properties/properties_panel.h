#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <QScrollArea>
#include <QStringList>

#include "core/layers/layer_spec.h"
#include "core/network/lowering.h"

class QAction;
class QContextMenuEvent;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace weft {

class CanvasScene;
class ChoicePopup;
class FactList;
class ParamEditor;
class ProjectDocument;

/// The selected layer: its name, a form made from its declared parameters, its shapes and costs, its
/// problems. Several layers of one type share the form. Without a selection: the whole project.
class PropertiesPanel : public QScrollArea {
    Q_OBJECT

public:
    PropertiesPanel(ProjectDocument* document, CanvasScene* scene, QWidget* parent = nullptr);

    /// Puts the cursor into the name field.
    void startRenaming();
    void setColumns(const QStringList& columns);
    /// Lists the numbers of the selected layers that can become parameters of the block around them.
    void offerPromotion();

Q_SIGNALS:
    void helpRequested(const QString& layerType);
    void nodeActivated(const std::string& node);
    /// The sheet of the block that this node is should be shown.
    void blockOpened(const std::string& node);
    /// One sentence for the status bar.
    void message(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Row {
        ParamSpec param;
        bool isRateFactor; ///< the learning rate factor, which nodes have beside their layer's parameters
        QLabel* label;
        ParamEditor* editor;
        QAction* promote; ///< makes it a parameter of the block; null where it cannot become one
    };

    void rebuild();
    std::vector<ParamSpec> commonParams() const;
    void buildForm(const std::vector<ParamSpec>& params, bool isOneType);
    void showForm(QWidget* form);
    void addBlockButtons(QGridLayout* grid);
    std::optional<std::int64_t> promotable(const ParamSpec& param) const;
    QAction* addPromotion(const ParamSpec& param, QLabel* label);
    bool showFieldMenu(QWidget* field, const QContextMenuEvent& event);
    void promoteParam(const ParamSpec& param);
    void addRow(QGridLayout* grid, const ParamSpec& param, bool isRateFactor);
    void showRows();
    void showValues();
    void showFacts();
    void showProjectFacts();
    void showProblems();
    void edit(const ParamSpec& param, bool isRateFactor, const Tree& value);
    void rename();
    const Node* firstNode() const;

    ProjectDocument* m_document;
    CanvasScene* m_scene;
    std::vector<std::string> m_nodes; ///< whose form this is
    std::string m_type; ///< their common layer type, or empty
    const LayerSpec* m_layer = nullptr; ///< of that type
    QStringList m_columns;
    std::vector<Row> m_rows;

    QLineEdit* m_name;
    QLabel* m_title;
    QLabel* m_typeLabel;
    QPushButton* m_help;
    QLabel* m_summary;
    QWidget* m_form = nullptr;
    QVBoxLayout* m_formSlot;
    QLabel* m_hint;
    FactList* m_facts;
    QLabel* m_problemsTitle;
    QVBoxLayout* m_problems;
    ChoicePopup* m_promotion = nullptr;
};

} // namespace weft
