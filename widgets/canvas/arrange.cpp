#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "widgets/canvas/network_edits.h"

namespace weft {
namespace {

constexpr double columnStep = 300;
constexpr double rowStep = 100;
constexpr double bandGap = 60;

/// Nodes by number, with the wires as lists of numbers.
struct Diagram {
    std::vector<std::vector<int>> sources;
    std::vector<std::vector<int>> targets;
};

Diagram diagramOf(const Sheet& sheet)
{
    const std::size_t count = sheet.nodes.size();
    std::unordered_map<std::string, int> numbers;
    for (std::size_t i = 0; i < count; ++i)
        numbers[sheet.nodes[i].id] = static_cast<int>(i);
    Diagram diagram{std::vector<std::vector<int>>(count), std::vector<std::vector<int>>(count)};
    for (const Wire& wire : sheet.wires) {
        const auto from = numbers.find(wire.from.node);
        const auto to = numbers.find(wire.to.node);
        if (from == numbers.end() || to == numbers.end())
            continue;
        diagram.sources[static_cast<std::size_t>(to->second)].push_back(from->second);
        diagram.targets[static_cast<std::size_t>(from->second)].push_back(to->second);
    }
    return diagram;
}

/// The longest path from a source to each node (Kahn's order); nodes on cycles follow in their own column.
std::vector<int> ranksOf(const Diagram& diagram)
{
    const std::size_t count = diagram.sources.size();
    std::vector<int> ranks(count, 0);
    std::vector<std::size_t> missing(count);
    std::vector<int> ready;
    for (std::size_t i = 0; i < count; ++i) {
        missing[i] = diagram.sources[i].size();
        if (missing[i] == 0)
            ready.push_back(static_cast<int>(i));
    }
    for (std::size_t done = 0; done < ready.size(); ++done) {
        const auto node = static_cast<std::size_t>(ready[done]);
        for (const int target : diagram.targets[node]) {
            const auto t = static_cast<std::size_t>(target);
            ranks[t] = std::max(ranks[t], ranks[node] + 1);
            if (--missing[t] == 0)
                ready.push_back(target);
        }
    }
    return ranks;
}

std::vector<std::vector<int>> columnsOf(const Diagram& diagram)
{
    const std::vector<int> ranks = ranksOf(diagram);
    std::vector<std::vector<int>> columns;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        const auto rank = static_cast<std::size_t>(ranks[i]);
        if (columns.size() <= rank)
            columns.resize(rank + 1);
        columns[rank].push_back(static_cast<int>(i));
    }
    return columns;
}

/// Orders each column by the mean place of its neighbours before it (barycentre), which removes most crossings.
void orderColumns(const Diagram& diagram, std::vector<std::vector<int>>& columns, const std::atomic<bool>* cancelled)
{
    std::vector<double> place(diagram.sources.size(), 0);
    const auto assignPlaces = [&](const std::vector<int>& column) {
        for (std::size_t i = 0; i < column.size(); ++i)
            place[static_cast<std::size_t>(column[i])] = static_cast<double>(i) - (static_cast<double>(column.size()) - 1) / 2;
    };
    for (std::vector<int>& column : columns) {
        if (cancelled && *cancelled)
            return;
        std::vector<std::pair<double, int>> keyed;
        for (const int node : column) {
            const std::vector<int>& sources = diagram.sources[static_cast<std::size_t>(node)];
            double sum = 0;
            for (const int source : sources)
                sum += place[static_cast<std::size_t>(source)];
            keyed.emplace_back(sources.empty() ? 0 : sum / static_cast<double>(sources.size()), node);
        }
        std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t i = 0; i < keyed.size(); ++i)
            column[i] = keyed[i].second;
        assignPlaces(column);
    }
}

/// How many columns make a row, so that all rows together have about the aspect ratio.
std::size_t columnsPerRow(const std::vector<std::vector<int>>& columns, double aspect)
{
    std::size_t tallest = 1;
    for (const std::vector<int>& column : columns)
        tallest = std::max(tallest, column.size());
    const double band = static_cast<double>(tallest) * rowStep + bandGap;
    const double ideal = std::sqrt(static_cast<double>(columns.size()) * band * aspect / columnStep);
    const auto perRow = static_cast<std::size_t>(std::max(3.0, std::ceil(ideal)));
    const std::size_t rows = (columns.size() + perRow - 1) / perRow;
    return (columns.size() + rows - 1) / std::max<std::size_t>(rows, 1); // even rows
}

} // namespace

std::unordered_map<std::string, QPointF> arranged(const Sheet& sheet, double aspect, const std::atomic<bool>* cancelled)
{
    std::unordered_map<std::string, QPointF> positions;
    if (sheet.nodes.empty())
        return positions;
    const Diagram diagram = diagramOf(sheet);
    std::vector<std::vector<int>> columns = columnsOf(diagram);
    orderColumns(diagram, columns, cancelled);
    if (cancelled && *cancelled)
        return positions;
    const std::size_t perRow = columnsPerRow(columns, aspect);
    double top = 0;
    for (std::size_t start = 0; start < columns.size(); start += perRow) {
        const std::size_t end = std::min(columns.size(), start + perRow);
        std::size_t tallest = 1;
        for (std::size_t c = start; c < end; ++c)
            tallest = std::max(tallest, columns[c].size());
        const double height = static_cast<double>(tallest - 1) * rowStep;
        for (std::size_t c = start; c < end; ++c) {
            const double first = top + (height - static_cast<double>(columns[c].size() - 1) * rowStep) / 2;
            for (std::size_t i = 0; i < columns[c].size(); ++i) {
                const QPointF point(static_cast<double>(c - start) * columnStep, first + static_cast<double>(i) * rowStep);
                positions[sheet.nodes[static_cast<std::size_t>(columns[c][i])].id] = snapped(point);
            }
        }
        top += height + rowStep + bandGap;
    }
    return positions;
}

} // namespace weft
