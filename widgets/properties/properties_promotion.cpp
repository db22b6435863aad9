#include "widgets/properties/properties_panel.h"

#include <algorithm>

#include <QAction>
#include <QContextMenuEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSpinBox>

#include "core/network/blocks.h"
#include "core/network/grouping.h"
#include "widgets/canvas/canvas_scene.h"
#include "widgets/canvas/choice_popup.h"
#include "widgets/project_document.h"
#include "widgets/properties/param_editor.h"
#include "widgets/text.h"

// Numbers of layers inside a block that become parameters of the block: by a right click, the menu key, or a list.

namespace weft {
namespace {

bool isWhole(const ParamSpec& param)
{
    return param.kind == ParamKind::Integer || param.kind == ParamKind::Integers;
}

/// The menu that a field has anyway.
QMenu* standardMenu(QWidget* field)
{
    auto* spin = qobject_cast<QSpinBox*>(field);
    auto* line = spin ? spin->findChild<QLineEdit*>() : qobject_cast<QLineEdit*>(field);
    QMenu* menu = line ? line->createStandardContextMenu() : nullptr;
    if (menu && spin) {
        menu->addSeparator();
        menu->addAction(QAbstractSpinBox::tr("&Step up"), spin, &QSpinBox::stepUp);
        menu->addAction(QAbstractSpinBox::tr("Step &down"), spin, &QSpinBox::stepDown);
    }
    return menu;
}

} // namespace

/// The number that a parameter of the block can take the place of: sides that differ cannot both become one.
std::optional<std::int64_t> PropertiesPanel::promotable(const ParamSpec& param) const
{
    const Node* node = firstNode();
    if (m_scene->block().empty() || !node || !isWhole(param))
        return std::nullopt;
    const Tree* set = node->params.find(param.key);
    const Tree& value = set ? *set : param.defaultValue;
    if (value.isList() && value.list().empty())
        return std::nullopt;
    const Tree& first = value.isList() ? value.list().front() : value;
    const bool isOne = !value.isList() || std::all_of(value.list().begin(), value.list().end(), [&](const Tree& item) { return item == first; });
    return first.isInt() && isOne ? std::optional(first.integer()) : std::nullopt;
}

QAction* PropertiesPanel::addPromotion(const ParamSpec& param, QLabel* label)
{
    if (m_scene->block().empty() || !isWhole(param))
        return nullptr;
    auto* promote = new QAction(tr("Make it a parameter of the block"), label);
    promote->setObjectName(QStringLiteral("promote.") + QString::fromStdString(param.key));
    connect(promote, &QAction::triggered, this, [this, param] { promoteParam(param); });
    label->setContextMenuPolicy(Qt::ActionsContextMenu);
    label->addAction(promote);
    return promote;
}

/// A field whose number can become a parameter offers that beside what its menu has anyway.
bool PropertiesPanel::showFieldMenu(QWidget* field, const QContextMenuEvent& event)
{
    const auto row = std::ranges::find_if(m_rows, [&](const Row& entry) { return entry.editor->focusProxy() == field; });
    QMenu* menu = row != m_rows.end() && row->promote ? standardMenu(field) : nullptr;
    if (!menu)
        return false;
    QAction* first = menu->actions().value(0);
    menu->insertAction(first, row->promote);
    menu->insertSeparator(first);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(event.globalPos());
    if (event.reason() == QContextMenuEvent::Keyboard && row->promote->isEnabled())
        menu->setActiveAction(row->promote);
    return true;
}

void PropertiesPanel::offerPromotion()
{
    std::vector<ParamSpec> params;
    std::vector<ChoicePopup::Choice> choices;
    for (const Row& row : m_rows) {
        const auto value = row.isRateFactor ? std::nullopt : promotable(row.param);
        if (!value)
            continue;
        params.push_back(row.param);
        choices.push_back({paramLabel(row.param), QString::number(*value), -1});
    }
    if (choices.empty()) {
        Q_EMIT message(tr("Open a block and select a layer in it, one of whose numbers is to become a parameter of the block."));
        return;
    }
    if (!m_promotion) {
        m_promotion = new ChoicePopup(tr("Which number?"), this);
        m_promotion->setObjectName(QStringLiteral("promotion"));
    }
    m_promotion->open(std::move(choices), [this, params](std::size_t index) { promoteParam(params[index]); });
}

/// The block gets a parameter with this value as its default, which the selected layers take from then on.
void PropertiesPanel::promoteParam(const ParamSpec& param)
{
    const Block* block = m_document->project().network.findBlock(m_scene->block());
    const std::optional<std::int64_t> value = promotable(param);
    if (!block || !value)
        return;
    BlockParam added{param.key, *value, 0, 1 << 20, {}};
    if (param.minimum > 0)
        added.minimum = static_cast<std::int64_t>(param.minimum);
    const auto isTaken = [&](const std::string& key) {
        return std::any_of(block->params.begin(), block->params.end(), [&](const BlockParam& entry) { return entry.key == key; });
    };
    for (int number = 2; isTaken(added.key); ++number)
        added.key = param.key + std::to_string(number);
    std::vector<BlockParam> params = block->params;
    params.push_back(added);
    Edits edits{{"blocks/" + block->id + "/params", toTree(block->params), toTree(params)}};
    for (const std::string& id : m_nodes) {
        for (Edit& edit : inSheet(block->id, {setParamEdit(m_scene->sheet(), id, param.key, added.key)}))
            edits.push_back(std::move(edit));
    }
    m_document->perform(tr("Make %1 a parameter of the block").arg(paramLabel(param)), edits);
    rebuild();
    Q_EMIT message(tr("%1 is now a parameter of the block; each instance sets its own.").arg(paramLabel(param)));
}

} // namespace weft
