#include "widgets/canvas/wire_bends.h"

#include "widgets/canvas/network_edits.h"

namespace weft {
namespace {

std::string bendsPath(const std::string& block)
{
    return block.empty() ? "view/bends" : "view/blockBends/" + block;
}

} // namespace

const Tree* bendsTree(const Project& project, const std::string& block)
{
    if (block.empty())
        return project.view.find("bends");
    const Tree* all = project.view.find("blockBends");
    return all ? all->find(block) : nullptr;
}

Bends bendsOf(const Tree* all, const std::string& wire)
{
    Bends bends;
    const Tree* points = all && all->isMap() ? all->find(wire) : nullptr;
    if (!points || !points->isList())
        return bends;
    for (const Tree& point : points->list()) {
        if (const std::optional<QPointF> place = pointFrom(&point))
            bends.push_back(*place);
    }
    return bends;
}

Edit bendsEdit(const Project& project, const std::string& block, const std::string& wire, const Bends& bends)
{
    const Tree* all = bendsTree(project, block);
    const Tree* before = all && all->isMap() ? all->find(wire) : nullptr;
    Tree::List points;
    for (const QPointF& bend : bends)
        points.push_back(toTree(bend));
    return {bendsPath(block) + "/" + wire, before ? *before : Tree(), bends.empty() ? Tree() : Tree(std::move(points))};
}

Edit straightenEdit(const Project& project, const std::string& block)
{
    const Tree* all = bendsTree(project, block);
    return {bendsPath(block), all ? *all : Tree(), {}};
}

} // namespace weft
