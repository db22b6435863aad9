#include "widgets/properties/properties_panel.h"

#include <algorithm>
#include <utility>

#include <QAction>
#include <QContextMenuEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include "core/network/blocks.h"
#include "core/network/grouping.h"
#include "widgets/canvas/canvas_scene.h"
#include "widgets/problems/problem_card.h"
#include "widgets/project_document.h"
#include "widgets/properties/block_form.h"
#include "widgets/properties/fact_list.h"
#include "widgets/properties/param_editor.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

QFrame* rule()
{
    auto* line = new QFrame;
    line->setProperty("role", "rule");
    return line;
}

QLabel* secondaryLabel()
{
    auto* label = new QLabel;
    label->setProperty("role", "secondary");
    label->setWordWrap(true);
    return label;
}

ParamSpec rateFactorParam()
{
    ParamSpec param;
    param.key = "learningRateFactor";
    param.kind = ParamKind::Real;
    param.defaultValue = 1.0;
    param.minimum = 0.0;
    param.maximum = 1e6;
    param.label = WEFT_TEXT("Network", "Rate factor");
    param.help = WEFT_TEXT("Network", "Multiplies the learning rate of this layer. 0 freezes its weights.");
    return param;
}

Tree valueOf(const Node& node, const ParamSpec& param, bool isRateFactor)
{
    if (isRateFactor)
        return node.learningRateFactor;
    const Tree* value = node.params.find(param.key);
    return value ? *value : param.defaultValue;
}

} // namespace

PropertiesPanel::PropertiesPanel(ProjectDocument* document, CanvasScene* scene, QWidget* parent) :
    QScrollArea(parent), m_document(document), m_scene(scene), m_name(new QLineEdit), m_title(new QLabel), m_typeLabel(secondaryLabel()),
    m_help(new QPushButton(tr("F1 help"))), m_summary(secondaryLabel()), m_formSlot(new QVBoxLayout), m_hint(secondaryLabel()), m_facts(new FactList),
    m_problemsTitle(new QLabel(tr("Problems").toUpper())), m_problems(new QVBoxLayout)
{
    setObjectName(QStringLiteral("propertiesPanel"));
    setAccessibleName(tr("Properties"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_name->setObjectName(QStringLiteral("nodeName"));
    m_name->setAccessibleName(tr("Name of the layer"));
    m_title->setProperty("role", "title");
    m_title->setWordWrap(true);
    m_typeLabel->setWordWrap(false);
    m_help->setProperty("link", true);
    m_help->setCursor(Qt::PointingHandCursor);
    m_problemsTitle->setProperty("role", "heading");
    m_hint->setMinimumHeight(30);
    m_hint->setAlignment(Qt::AlignTop);

    auto* header = new QHBoxLayout;
    header->addWidget(m_title, 1);
    header->addWidget(m_name, 1);
    header->addWidget(m_typeLabel);
    header->addWidget(m_help);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(16, 12, 16, 16);
    layout->setSpacing(10);
    layout->addLayout(header);
    layout->addWidget(m_summary);
    layout->addLayout(m_formSlot);
    layout->addWidget(m_hint);
    layout->addWidget(rule());
    layout->addWidget(m_facts);
    layout->addWidget(m_problemsTitle);
    layout->addLayout(m_problems);
    layout->addStretch();
    setWidget(content);

    connect(scene, &CanvasScene::selectionChanged, this, &PropertiesPanel::rebuild);
    connect(scene, &CanvasScene::placeChanged, this, &PropertiesPanel::rebuild);
    connect(document, &ProjectDocument::reset, this, &PropertiesPanel::rebuild);
    connect(document, &ProjectDocument::edited, this, [this] {
        for (const std::string& id : m_nodes) {
            const Node* node = m_scene->sheet().findNode(id);
            if (!node || (!m_type.empty() && findLayer(m_document->project().network, node->type) != m_layer))
                return rebuild(); // gone, or a block has other ports or parameters now
        }
        showValues();
    });
    connect(document, &ProjectDocument::analysisChanged, this, [this] {
        showRows();
        showFacts();
        showProblems();
    });
    connect(document, &ProjectDocument::pathChanged, this, &PropertiesPanel::showValues);
    connect(document, &ProjectDocument::dataProblemsChanged, this, &PropertiesPanel::showProblems);
    connect(scene, &CanvasScene::figureChanged, this, &PropertiesPanel::showFacts);
    connect(m_name, &QLineEdit::editingFinished, this, &PropertiesPanel::rename);
    connect(m_help, &QPushButton::clicked, this, [this] { Q_EMIT helpRequested(QString::fromStdString(m_type)); });
    rebuild();
}

const Node* PropertiesPanel::firstNode() const
{
    return m_nodes.empty() ? nullptr : m_scene->sheet().findNode(m_nodes.front());
}

void PropertiesPanel::startRenaming()
{
    if (m_nodes.size() != 1)
        return;
    m_name->setFocus();
    m_name->selectAll();
}

void PropertiesPanel::setColumns(const QStringList& columns)
{
    if (columns == m_columns)
        return;
    m_columns = columns;
    rebuild();
}

void PropertiesPanel::rebuild()
{
    m_nodes = m_scene->selectedNodes();
    m_type.clear();
    bool isOneType = true;
    for (const std::string& id : m_nodes) {
        const Node* node = m_scene->sheet().findNode(id);
        if (!node)
            continue;
        isOneType = isOneType && (m_type.empty() || m_type == node->type);
        m_type = node->type;
    }
    if (!isOneType)
        m_type.clear();
    m_rows.clear();
    if (m_form) {
        m_form->hide();
        m_form->deleteLater(); // the field that is being left may still be sending
        m_form = nullptr;
    }
    const LayerSpec* layer = findLayer(m_document->project().network, m_type);
    m_layer = layer;
    if (layer)
        buildForm(layer->params(), true);
    else if (m_nodes.size() > 1)
        buildForm(commonParams(), false);
    else if (m_nodes.empty() && !m_scene->block().empty())
        showForm(new BlockForm(m_document, m_scene->block()));
    m_name->setVisible(m_nodes.size() == 1);
    m_title->setVisible(m_nodes.size() != 1);
    m_typeLabel->setVisible(layer != nullptr);
    m_typeLabel->setText(layer ? layerTitle(*layer) : QString::fromStdString(m_type));
    m_help->setVisible(layer != nullptr);
    m_summary->setText(layer ? translated(layer->summary()) : QString());
    m_summary->setVisible(layer != nullptr);
    m_hint->setText({});
    m_hint->setVisible(!m_rows.empty());
    showValues();
    showFacts();
    showProblems();
    verticalScrollBar()->setValue(0);
}

/// The parameters that all selected layers have, as the first one declares them.
std::vector<ParamSpec> PropertiesPanel::commonParams() const
{
    std::vector<ParamSpec> common;
    bool isFirst = true;
    for (const std::string& id : m_nodes) {
        const Node* node = m_scene->sheet().findNode(id);
        const LayerSpec* layer = node ? findLayer(m_document->project().network, node->type) : nullptr;
        if (!layer)
            return {};
        if (std::exchange(isFirst, false)) {
            common = layer->params();
            continue;
        }
        std::erase_if(common, [&](const ParamSpec& param) {
            const ParamSpec* other = layer->findParam(param.key);
            return !other || other->kind != param.kind || other->choices != param.choices;
        });
    }
    return common;
}

void PropertiesPanel::buildForm(const std::vector<ParamSpec>& params, bool isOneType)
{
    m_form = new QWidget;
    auto* grid = new QGridLayout(m_form);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, 92);
    grid->setColumnStretch(1, 1);
    for (const ParamSpec& param : params)
        addRow(grid, param, false);
    addRow(grid, rateFactorParam(), true);
    if (isOneType && m_document->project().network.findBlock(m_type))
        addBlockButtons(grid);
    m_formSlot->addWidget(m_form);
    QWidget* before = m_help; // what is made later comes last for Tab otherwise, behind the whole window
    for (const Row& row : m_rows) {
        setTabOrder(before, row.editor->focusProxy());
        before = row.editor->focusProxy();
    }
}

void PropertiesPanel::showForm(QWidget* form)
{
    m_form = form;
    m_formSlot->addWidget(form);
}

/// What can be done with an instance of a block.
void PropertiesPanel::addBlockButtons(QGridLayout* grid)
{
    auto* open = new QPushButton(tr("Open the block"));
    open->setObjectName(QStringLiteral("openBlock"));
    connect(open, &QPushButton::clicked, this, [this] {
        if (m_nodes.size() == 1)
            Q_EMIT blockOpened(m_nodes.front());
    });
    grid->addWidget(open, grid->rowCount(), 1, Qt::AlignLeft);
}

void PropertiesPanel::addRow(QGridLayout* grid, const ParamSpec& param, bool isRateFactor)
{
    auto* label = new QLabel(paramLabel(param));
    auto* editor = ParamEditor::create(param, m_columns, m_form, isRateFactor ? NamedIntegers{} : m_scene->values());
    const QString help = paramHelp(param);
    label->setToolTip(help);
    label->setBuddy(editor->focusProxy());
    editor->setToolTip(help);
    editor->focusProxy()->installEventFilter(this);
    editor->focusProxy()->setProperty("help", help);
    const int row = static_cast<int>(m_rows.size());
    grid->addWidget(label, row, 0);
    grid->addWidget(editor, row, 1);
    connect(editor, &ParamEditor::valueEdited, this, [this, param, isRateFactor](const Tree& value) { edit(param, isRateFactor, value); });
    QAction* promote = isRateFactor ? nullptr : addPromotion(param, label);
    m_rows.push_back({param, isRateFactor, label, editor, promote});
}

bool PropertiesPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn)
        m_hint->setText(watched->property("help").toString());
    if (event->type() == QEvent::ContextMenu && showFieldMenu(qobject_cast<QWidget*>(watched), *static_cast<QContextMenuEvent*>(event)))
        return true;
    return QScrollArea::eventFilter(watched, event);
}

void PropertiesPanel::edit(const ParamSpec& param, bool isRateFactor, const Tree& value)
{
    const Sheet& sheet = m_scene->sheet();
    Edits edits;
    std::string key = "param/" + m_scene->block();
    for (const std::string& id : m_nodes) {
        key += "/" + id;
        const Node& node = *sheet.findNode(id);
        const LayerSpec* layer = findLayer(m_document->project().network, node.type);
        const ParamSpec* own = layer && !isRateFactor ? layer->findParam(param.key) : nullptr; // whose default may be another
        if (valueOf(node, own ? *own : param, isRateFactor) != value)
            edits.push_back(isRateFactor ? rateFactorEdit(sheet, id, value.number()) : setParamEdit(sheet, id, param.key, value));
    }
    m_document->perform(tr("Set %1").arg(paramLabel(param)), inSheet(m_scene->block(), edits), QString::fromStdString(key + "/" + param.key));
}

void PropertiesPanel::rename()
{
    const Node* node = firstNode();
    const QString name = m_name->text().trimmed();
    if (!node || m_nodes.size() != 1)
        return;
    if (name.isEmpty()) {
        m_name->setText(QString::fromStdString(node->name));
        return;
    }
    m_document->perform(tr("Rename"), inSheet(m_scene->block(), {renameEdit(m_scene->sheet(), node->id, name.toStdString())}));
}

void PropertiesPanel::showValues()
{
    const Node* node = firstNode();
    if (!node) {
        const Block* block = m_document->project().network.findBlock(m_scene->block());
        m_title->setText(block ? translated(Text{"TemplateBlock", block->name.c_str()}) : m_document->displayName());
        return;
    }
    m_title->setText(tr("%n layers", nullptr, static_cast<int>(m_nodes.size())));
    const QString name = QString::fromStdString(node->name);
    if (m_name->text() != name) {
        m_name->setText(name);
        m_name->setCursorPosition(0); // a long name shows its beginning
    }
    for (const Row& row : m_rows) {
        row.editor->setValue(valueOf(*node, row.param, row.isRateFactor));
        if (row.promote)
            row.promote->setEnabled(promotable(row.param).has_value());
    }
    showRows();
}

/// Hides the rows that do not count.
void PropertiesPanel::showRows()
{
    const Node* node = firstNode();
    if (!node)
        return;
    const NodeInfo* info = m_document->analysis().find(m_scene->pathOf(node->id));
    for (const Row& row : m_rows) {
        bool counts = !row.isRateFactor || (info && info->parameters > 0);
        for (const Row& other : m_rows) {
            if (other.param.key == row.param.onlyWhenKey)
                counts = formatValue(valueOf(*node, other.param, false)).toStdString() == row.param.onlyWhenValue;
        }
        row.label->setVisible(counts);
        row.editor->setVisible(counts);
    }
}

} // namespace weft
