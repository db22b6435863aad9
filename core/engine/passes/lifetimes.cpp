#include "core/engine/passes/lifetimes.h"

#include <algorithm>
#include <limits>
#include <set>

namespace weft {

Lifetimes::Lifetimes(const Rewriter& rewriter)
{
    for (const Op* op : rewriter.ops())
        m_positions.emplace(op, static_cast<int>(m_positions.size()));
    findReads(rewriter);
    countBytes(rewriter);
}

void Lifetimes::findReads(const Rewriter& rewriter)
{
    const auto note = [&](const Value& value, int position) {
        const auto id = static_cast<std::size_t>(value.id());
        m_lastRead.resize(std::max(m_lastRead.size(), id + 1), -1);
        m_lastRead[id] = std::max(m_lastRead[id], position);
    };
    for (const Op* op : rewriter.ops()) {
        for (const Value& input : op->inputs())
            note(input, positionOf(op));
        for (const Value& output : op->outputs())
            note(output, rewriter.isFetched(output) ? std::numeric_limits<int>::max() : -1);
    }
}

void Lifetimes::countBytes(const Rewriter& rewriter)
{
    struct Buffer {
        std::int64_t bytes = 0;
        int first = 0, last = 0;
    };
    std::vector<Buffer> buffers;
    std::unordered_map<int, std::size_t> bufferOf; // by id of the value; a view lies in that of what it shows
    const int end = static_cast<int>(rewriter.ops().size()) - 1;
    for (const Op* op : rewriter.ops()) {
        for (const Value& output : op->outputs()) {
            const auto shown = op->spec().isView ? bufferOf.find(op->input(0).id()) : bufferOf.end();
            const std::size_t buffer = shown != bufferOf.end() ? shown->second : buffers.size();
            if (buffer == buffers.size())
                buffers.push_back({static_cast<std::int64_t>(rewriter.bytesOf(output.type())), positionOf(op), positionOf(op)});
            bufferOf[output.id()] = buffer;
            buffers[buffer].last = std::max(buffers[buffer].last, std::min(end, m_lastRead[static_cast<std::size_t>(output.id())]));
        }
    }
    m_bytes.resize(rewriter.ops().size());
    for (const Buffer& buffer : buffers)
        add(buffer.first, buffer.last, buffer.bytes);
    // Elementwise ops work in the place of what ends there.
    for (const Op* op : rewriter.ops()) {
        if (!op->spec().isElementwise || op->outputs().size() != 1)
            continue;
        std::set<std::size_t> ending;
        for (const Value& input : op->inputs()) {
            const auto buffer = bufferOf.find(input.id());
            if (buffer != bufferOf.end() && buffers[buffer->second].last == positionOf(op))
                ending.insert(buffer->second);
        }
        std::int64_t freed = 0;
        for (const std::size_t buffer : ending)
            freed += buffers[buffer].bytes;
        add(positionOf(op), positionOf(op), -std::min(freed, buffers[bufferOf.at(op->output().id())].bytes));
    }
}

std::int64_t Lifetimes::mostBytes() const
{
    return m_bytes.empty() ? 0 : *std::max_element(m_bytes.begin(), m_bytes.end());
}

void Lifetimes::add(int first, int last, std::int64_t bytes)
{
    for (int position = first; position <= last; ++position)
        m_bytes[static_cast<std::size_t>(position)] += bytes;
}

} // namespace weft
