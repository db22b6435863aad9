#include "widgets/canvas/fix_edits.h"

#include <algorithm>

#include <QRectF>
#include <QStringList>

#include "core/network/grouping.h"
#include "widgets/canvas/network_edits.h"
#include "widgets/project_document.h"
#include "widgets/text.h"

namespace weft {
namespace {

bool isFree(const Project& project, const Sheet& sheet, const std::string& block, const QPointF& corner)
{
    const QRectF wanted(corner, QSizeF(nodeWidth + gridStep, nodeHeight + gridStep));
    return std::none_of(sheet.nodes.begin(), sheet.nodes.end(), [&](const Node& node) {
        const auto place = savedPosition(project, node.id, block);
        return place && QRectF(*place, QSizeF(nodeWidth + gridStep, nodeHeight + gridStep)).intersects(wanted);
    });
}

/// Half way between the first neighbours on both sides, and down from there until nothing lies in the way. None where
/// no neighbour has a place: the whole sheet is then arranged by itself.
std::optional<QPointF> placeFor(const Project& project, const Sheet& sheet, const AddedNode& added)
{
    std::optional<QPointF> before, behind;
    for (const Wire& wire : sheet.wires) {
        if (wire.to.node == added.id && !before)
            before = savedPosition(project, wire.from.node, added.block);
        if (wire.from.node == added.id && !behind)
            behind = savedPosition(project, wire.to.node, added.block);
    }
    if (!before && !behind)
        return std::nullopt;
    const QPointF aside(nodeWidth + 6 * gridStep, 0);
    QPointF place = snapped(before && behind ? (*before + *behind) / 2 : before ? *before + aside : *behind - aside);
    while (!isFree(project, sheet, added.block, place))
        place.ry() += gridStep * 5;
    return place;
}

} // namespace

std::vector<AddedNode> addedNodes(const Edits& edits)
{
    std::vector<AddedNode> added;
    for (const Edit& edit : edits) {
        const QStringList parts = QString::fromStdString(edit.path).split(QLatin1Char('/'));
        const qsizetype at = parts.size() - 2;
        const bool isNode = at >= 0 && parts[at] == QLatin1String("nodes") && (at == 0 || (at == 2 && parts[0] == QLatin1String("blocks")));
        if (isNode && !edit.before.isMap() && edit.after.isMap())
            added.push_back({at == 2 ? parts[1].toStdString() : std::string(), parts.last().toStdString()});
    }
    return added;
}

void performFix(ProjectDocument& document, const Fix& fix)
{
    const std::vector<AddedNode> added = addedNodes(fix.edits);
    if (added.empty())
        return document.perform(translated(fix.label), fix.edits);
    EditBatch mended(document.project());
    mended.add(fix.edits);
    Edits edits = fix.edits;
    for (const AddedNode& node : added) {
        EditBatch places(mended.project(), node.block);
        if (const auto place = placeFor(places.project(), places.sheet(), node))
            places.setPosition(node.id, *place);
        edits.insert(edits.end(), places.edits().begin(), places.edits().end());
        mended.add(places.edits());
    }
    document.perform(translated(fix.label), edits);
}

} // namespace weft
