#include <algorithm>

#include <QLabel>
#include <QVBoxLayout>

#include "widgets/canvas/canvas_scene.h"
#include "widgets/problems/problem_card.h"
#include "widgets/project_document.h"
#include "widgets/properties/fact_list.h"
#include "widgets/properties/properties_panel.h"
#include "widgets/text.h"

// What the panel tells beside the form: shapes, costs, problems.

namespace weft {
namespace {

QString shapeText(const TensorType& type)
{
    return QString::fromStdString(toString(type.shape));
}

} // namespace

void PropertiesPanel::showFacts()
{
    if (m_nodes.empty())
        return showProjectFacts();
    const Analysis& analysis = m_document->analysis();
    std::vector<FactList::Fact> facts;
    std::int64_t parameters = 0;
    double multiplyAdds = 0;
    double bytes = 0;
    for (const std::string& id : m_nodes) {
        const NodeInfo* info = analysis.find(m_scene->pathOf(id));
        if (!info)
            continue;
        if (m_nodes.size() == 1) {
            for (const TensorType& type : info->inputTypes)
                facts.push_back({tr("Input"), shapeText(type)});
            for (const TensorType& type : info->outputTypes)
                facts.push_back({tr("Output"), shapeText(type)});
        }
        parameters += info->parameters;
        multiplyAdds += info->multiplyAdds;
        bytes += info->activationBytes;
    }
    facts.push_back({tr("Parameters"), formatCount(parameters)});
    facts.push_back({tr("Multiply-adds"), formatCount(static_cast<std::int64_t>(multiplyAdds))});
    facts.push_back({tr("Activations"), tr("%1 a sample").arg(formatBytes(bytes))});
    const MeasuredNode* measured = m_nodes.size() == 1 ? m_scene->measured().find(m_scene->pathOf(m_nodes.front())) : nullptr;
    for (const NodeFigure figure : nodeFigures) { // what the canvas had measured for its nodes
        if (const auto number = isMeasured(figure) ? figureOf(figure, nullptr, measured) : std::nullopt)
            facts.push_back({titleOf(figure), figureText(figure, *number)});
    }
    m_facts->show(facts);
}

void PropertiesPanel::showProjectFacts()
{
    const Analysis& analysis = m_document->analysis();
    double bytes = 0;
    for (const NodeInfo& info : analysis.nodes)
        bytes += info.activationBytes;
    m_facts->show({{tr("Layers"), formatCount(static_cast<std::int64_t>(m_document->project().network.nodes.size()))},
                   {tr("Parameters"), formatCount(analysis.parameters)},
                   {tr("Weights"), formatBytes(static_cast<double>(analysis.parameters) * 4)},
                   {tr("Multiply-adds"), formatCount(static_cast<std::int64_t>(analysis.multiplyAdds))},
                   {tr("Activations"), tr("%1 a sample").arg(formatBytes(bytes))}});
}

void PropertiesPanel::showProblems()
{
    while (QLayoutItem* item = m_problems->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // a card may be the sender of what leads here
        delete item;
    }
    for (const Diagnostic& diagnostic : m_document->problems()) {
        const std::string shown = m_scene->nodeOf(diagnostic);
        const bool isMeant = m_nodes.empty() || std::find(m_nodes.begin(), m_nodes.end(), shown) != m_nodes.end();
        if (!isMeant || m_problems->count() >= 4)
            continue;
        const Node* node = m_document->project().network.findNode(diagnostic.node);
        const QString title = m_nodes.size() == 1 || !node ? QString() : QString::fromStdString(node->name);
        auto* card = new ProblemCard(diagnostic, title, m_document);
        connect(card, &ProblemCard::activated, this, &PropertiesPanel::nodeActivated);
        m_problems->addWidget(card);
    }
    m_problemsTitle->setVisible(m_problems->count() > 0);
}

} // namespace weft
