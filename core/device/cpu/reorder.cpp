#include "core/device/cpu/reorder.h"

#include <cstring>
#include <utility>

#include "core/device/cpu/lanes.h"
#include "core/device/cpu/parallel.h"

namespace weft {

namespace {

constexpr std::int64_t lanes16 = 16;

/// An array seen as [n, channels, positions].
struct View3 {
    std::int64_t n = 1, channels = 1, positions = 1;

    explicit View3(const Extents& e)
    {
        if (!e.empty())
            n = e[0];
        if (e.size() > 1)
            channels = e[1];
        for (std::size_t i = 2; i < e.size(); ++i)
            positions *= e[i];
    }

    std::int64_t rowSize() const { return channels * positions; }
    std::int64_t channelBlocks() const { return (channels + lanes16 - 1) / lanes16; }

    /// Where element (sample, channel, position) lies.
    std::int64_t offset(Layout layout, std::int64_t s, std::int64_t c, std::int64_t p) const
    {
        switch (layout) {
        case Layout::RowMajor: break;
        case Layout::ChannelBlocked16: return ((s * channelBlocks() + c / lanes16) * positions + p) * lanes16 + c % lanes16;
        case Layout::BatchLanes16: return ((s / lanes16 * channels + c) * positions + p) * lanes16 + s % lanes16;
        case Layout::ChannelsLast: return (s * positions + p) * channels + c;
        }
        return s * rowSize() + c * positions + p;
    }
};

/// Floats between row-major rows and 16 of them side by side. A row is a sample (batch lanes) or a
/// channel of a sample (blocked channels): `rows` of them in each of `batches`.
struct LaneCopy {
    std::int64_t batches, rows, rowSize;

    std::int64_t groups() const { return (rows + lanes16 - 1) / lanes16; }
    std::int64_t items() const { return batches * groups(); }
    std::int64_t rowsOf(std::int64_t item) const { return std::min(lanes16, rows - item % groups() * lanes16); }
    std::int64_t plainOffset(std::int64_t item) const { return (item / groups() * rows + item % groups() * lanes16) * rowSize; }
    std::int64_t lanesOffset(std::int64_t item) const { return item * lanes16 * rowSize; }
};

/// Items of a LaneCopy are also cut along the row, in steps that keep whole squares.
template <class Body> void forPieces(const LaneCopy& copy, int threads, const Body& body)
{
    const std::int64_t parts
        = copy.items() >= 4 * threads || threads == 1 ? 1 : std::max<std::int64_t>(1, std::min<std::int64_t>(4 * threads, copy.rowSize / 64));
    const std::int64_t squares = (copy.rowSize + lanes16 - 1) / lanes16;
    const std::int64_t grain = 1 + parallelGrain / 4 / (lanes16 * copy.rowSize / parts + 1);
    parallelFor(threads, copy.items() * parts, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const Range part = partOf(squares, i % parts, parts);
            const std::int64_t first = part.begin * lanes16;
            body(i / parts, first, std::min(part.end * lanes16, copy.rowSize) - first);
        }
    });
}

class GatherLanes : public Kernel {
public:
    explicit GatherLanes(LaneCopy copy) : m_copy(copy) {}
    void run(const KernelContext& context) override
    {
        const auto* from = context.inputs[0].as<const float>();
        auto* to = context.outputs[0].as<float>();
        forPieces(m_copy, context.threads, [&](std::int64_t item, std::int64_t first, std::int64_t count) {
            lanes::kernels().gather(from + m_copy.plainOffset(item) + first, m_copy.rowSize, m_copy.rowsOf(item), count,
                                    to + m_copy.lanesOffset(item) + first * lanes16);
        });
    }

private:
    LaneCopy m_copy;
};

class ScatterLanes : public Kernel {
public:
    explicit ScatterLanes(LaneCopy copy) : m_copy(copy) {}
    void run(const KernelContext& context) override
    {
        const auto* from = context.inputs[0].as<const float>();
        auto* to = context.outputs[0].as<float>();
        forPieces(m_copy, context.threads, [&](std::int64_t item, std::int64_t first, std::int64_t count) {
            lanes::kernels().scatter(from + m_copy.lanesOffset(item) + first * lanes16, count, m_copy.rowsOf(item), m_copy.rowSize,
                                     to + m_copy.plainOffset(item) + first);
        });
    }

private:
    LaneCopy m_copy;
};

/// Any pair of layouts, element by element.
class GeneralReorder : public Kernel {
public:
    GeneralReorder(const ArrayType& type, Layout from, Layout to) : m_view(type.extents), m_type(type), m_from(from), m_to(to) {}
    void run(const KernelContext& context) override
    {
        const auto* from = context.inputs[0].as<const char>();
        auto* to = context.outputs[0].as<char>();
        if (storedElements(m_type, m_to) != elementCount(m_type.extents))
            std::memset(to, 0, storedBytes(m_type, m_to));
        const std::size_t size = sizeOf(m_type.dtype);
        const std::int64_t grain = 1 + parallelGrain / 16 / (m_view.rowSize() + 1);
        parallelFor(context.threads, m_view.n, grain, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t s = begin; s < end; ++s)
                for (std::int64_t c = 0; c < m_view.channels; ++c)
                    for (std::int64_t p = 0; p < m_view.positions; ++p)
                        std::memcpy(to + static_cast<std::size_t>(m_view.offset(m_to, s, c, p)) * size,
                                    from + static_cast<std::size_t>(m_view.offset(m_from, s, c, p)) * size, size);
        });
    }

private:
    View3 m_view;
    ArrayType m_type;
    Layout m_from;
    Layout m_to;
};

class Copy : public Kernel {
public:
    explicit Copy(std::size_t bytes) : m_bytes(bytes) {}
    void run(const KernelContext& context) override { std::memcpy(context.outputs[0].data, context.inputs[0].data, m_bytes); }

private:
    std::size_t m_bytes;
};

} // namespace

std::unique_ptr<Kernel> makeReorder(const ArrayType& type, Layout from, Layout to)
{
    if (from == to)
        return std::make_unique<Copy>(storedBytes(type, from));
    if (type.dtype == DType::Float32 && (from == Layout::RowMajor || to == Layout::RowMajor)) {
        const View3 view(type.extents);
        const Layout other = from == Layout::RowMajor ? to : from;
        LaneCopy copy{};
        if (other == Layout::BatchLanes16)
            copy = {1, view.n, view.rowSize()};
        else if (other == Layout::ChannelBlocked16)
            copy = {view.n, view.channels, view.positions};
        if (copy.batches > 0) {
            if (from == Layout::RowMajor)
                return std::make_unique<GatherLanes>(copy);
            return std::make_unique<ScatterLanes>(copy);
        }
    }
    return std::make_unique<GeneralReorder>(type, from, to);
}

} // namespace weft
