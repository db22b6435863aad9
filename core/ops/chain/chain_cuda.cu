#include <array>
#include <optional>
#include <utility>

#include "core/device/cuda/divider.h"
#include "core/ops/chain/chain_cuda.h"
#include "core/ops/chain/chain_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// Extents as samples, channels and positions.
using ThreeAxes = std::array<std::int64_t, 3>;
ThreeAxes axesOf(const Extents& extents)
{
    const std::int64_t count = elementCount(extents);
    if (extents.size() < 2)
        return {1, 1, count};
    const std::int64_t channels = extents.size() == 2 ? 1 : extents[1];
    return {extents[0], channels, count / std::max<std::int64_t>(1, extents[0] * channels)};
}

/// Strides of an operand along the axes of what it is stretched to.
struct Stretch {
    bool isWhole = true; ///< not at all
    std::int64_t ofSample = 0, ofOuter = 0, ofInner = 0; ///< inner: along which neighbours lie, the channels where they come last
};

/// Of `operand` in arrays of `whole` extents. None where it has some of the positions of a channel.
std::optional<Stretch> stretchOf(const Extents& operand, const Extents& whole, Layout layout)
{
    if (operand == whole)
        return Stretch();
    Extents own(whole.size() - operand.size(), 1);
    own.insert(own.end(), operand.begin(), operand.end());
    const ThreeAxes some = axesOf(own), all = axesOf(whole);
    ThreeAxes strides{};
    std::int64_t stride = 1;
    for (std::size_t axis = 3; axis-- > 0; stride *= some[axis]) {
        if (some[axis] != 1 && some[axis] != all[axis])
            return {};
        strides[axis] = some[axis] == 1 ? 0 : stride;
    }
    if (layout == Layout::ChannelsLast)
        std::swap(strides[1], strides[2]);
    return Stretch{false, strides[0], strides[1], strides[2]};
}

/// A link with all that its kernel needs.
struct CardLink {
    int code;
    LinkOperand kind;
    bool isFloat32; ///< the operand
    float a, b;
    std::uint32_t threshold; ///< of dropout
    std::uint64_t stream;
    const void* operand;
    Stretch stretch;
};

/// A chain as it travels with the launch.
struct Program {
    int length = 0;
    bool readsFloat32 = false, givesFloat32 = false;
    std::int64_t count = 0;
    Divisor elements; ///< of a sample as dropout counts them
    Divisor outer, inner; ///< extents, as of Stretch
    bool isLast = false; ///< channels
    const StepState* state = nullptr;
    const void* x = nullptr;
    void* y = nullptr;
    CardLink links[mostLinks] = {};
};

template <int width> struct Numbers {
    float at[width];
};

/// Calls body(lane) for each lane, as often as it is written there: what a lane holds stays in registers.
template <class Body, int... lanes> WEFT_DEVICE inline void eachOf(std::integer_sequence<int, lanes...>, const Body& body)
{
    (body(lanes), ...);
}
template <int width, class Body> WEFT_DEVICE inline void eachLane(const Body& body)
{
    eachOf(std::make_integer_sequence<int, width>(), body);
}

/// A thread's numbers, from `first` on; of those behind the end, zeros.
template <int width, class T> WEFT_DEVICE inline Numbers<width> numbersAt(const T* from, std::int64_t first, std::int64_t count)
{
    constexpr int step = width < lanesAtOnce<T> ? width : lanesAtOnce<T>;
    Numbers<width> numbers;
    if (first + width <= count) {
        eachLane<width / step>([&](int part) {
            const Lanes<T, step> lanes = lanesAt<step>(from + first + part * step);
            eachLane<step>([&](int lane) { numbers.at[part * step + lane] = static_cast<float>(lanes.at[lane]); });
        });
    } else {
        eachLane<width>([&](int lane) { numbers.at[lane] = first + lane < count ? static_cast<float>(from[first + lane]) : 0.0f; });
    }
    return numbers;
}

template <int width, class T> WEFT_DEVICE inline void putNumbers(T* to, const Numbers<width>& numbers, std::int64_t first, std::int64_t count)
{
    constexpr int step = width < lanesAtOnce<T> ? width : lanesAtOnce<T>;
    if (first + width <= count) {
        eachLane<width / step>([&](int part) {
            Lanes<T, step> lanes;
            eachLane<step>([&](int lane) { lanes.at[lane] = static_cast<T>(numbers.at[part * step + lane]); });
            putLanes(to + first + part * step, lanes);
        });
    } else {
        eachLane<width>([&](int lane) {
            if (first + lane < count)
                to[first + lane] = static_cast<T>(numbers.at[lane]);
        });
    }
}

/// The same of an operand that may be stretched.
template <int width, class T>
WEFT_DEVICE inline Numbers<width> stretchedAt(const T* from, const Stretch& stretch, std::int64_t first, const Program& program)
{
    if (stretch.isWhole)
        return numbersAt<width>(from, first, program.count);
    const Divisor::Result ofInner = program.inner(first), ofOuter = program.outer(ofInner.quotient);
    std::int64_t inner = ofInner.remainder, outer = ofOuter.remainder, sample = ofOuter.quotient;
    std::int64_t place = sample * stretch.ofSample + outer * stretch.ofOuter + inner * stretch.ofInner;
    if (program.inner.value % width == 0 && stretch.ofInner == 1)
        return numbersAt<width>(from, place, place + width);
    Numbers<width> numbers;
    eachLane<width>([&](int lane) {
        numbers.at[lane] = first + lane < program.count ? static_cast<float>(from[place]) : 0.0f;
        place += stretch.ofInner;
        if (++inner == program.inner.value) {
            inner = 0;
            sample += ++outer == program.outer.value ? 1 : 0;
            outer = outer == program.outer.value ? 0 : outer;
            place = sample * stretch.ofSample + outer * stretch.ofOuter;
        }
    });
    return numbers;
}

/// A thread takes 16 bytes of what is stored as T through all links; other arrays may be float32.
template <class T> struct ChainBody {
    static constexpr int width = lanesAtOnce<T>;
    Program program;

    WEFT_DEVICE void operator()(std::int64_t i) const
    {
        const std::int64_t first = i * width;
        Numbers<width> value = read(program.x, program.readsFloat32, Stretch(), first);
        for (int k = 0; k < program.length; ++k) {
            const CardLink& link = program.links[k];
            Numbers<width> operand{};
            if (link.kind == LinkOperand::Array)
                operand = read(link.operand, link.isFloat32, link.stretch, first);
            else if (link.kind == LinkOperand::Mask)
                operand = mask(link, first);
            visitLink(link.code, [&](auto of) {
                eachLane<width>([&](int lane) { value.at[lane] = decltype(of)::of(value.at[lane], operand.at[lane], link.a, link.b); });
            });
        }
        if (program.givesFloat32)
            putNumbers(static_cast<float*>(program.y), value, first, program.count);
        else
            putNumbers(static_cast<T*>(program.y), value, first, program.count);
    }

private:
    WEFT_DEVICE Numbers<width> read(const void* from, bool isFloat32, const Stretch& stretch, std::int64_t first) const
    {
        if (isFloat32)
            return stretchedAt<width>(static_cast<const float*>(from), stretch, first, program);
        return stretchedAt<width>(static_cast<const T*>(from), stretch, first, program);
    }

    WEFT_DEVICE Numbers<width> mask(const CardLink& link, std::int64_t first) const
    {
        const unsigned bits = keptBits(link, first);
        Numbers<width> kept;
        eachLane<width>([&](int lane) { kept.at[lane] = (bits >> lane & 1u) != 0 ? 1.0f : 0.0f; });
        return kept;
    }
    /// A bit a lane. Four elements of a sample share a draw: where they lie side by side it is drawn once.
    WEFT_DEVICE unsigned keptBits(const CardLink& link, std::int64_t first) const
    {
        const std::int64_t elements = program.elements.value;
        const auto [ofSample, within] = program.elements(first);
        std::int64_t sample = ofSample, place = within;
        DropoutMask mask(*program.state, link.stream, link.threshold, sample);
        unsigned bits = 0;
        for (int lane = 0; lane < width && first + lane < program.count;) {
            if (place == elements) {
                place = 0;
                mask = DropoutMask(*program.state, link.stream, link.threshold, ++sample);
            }
            const std::int64_t element = program.isLast ? inPlanes(program.inner(place)) : place;
            const int inGroup = static_cast<int>(element % 4);
            const int some = !program.isLast ? static_cast<int>(std::min<std::int64_t>(4 - inGroup, elements - place)) : 1;
            bits |= (mask.keepsFour(element / 4) >> inGroup & ((1u << some) - 1)) << lane;
            lane += some;
            place += some;
        }
        return bits;
    }
    /// The number of an element in row-major order by where it lies with channels last.
    WEFT_DEVICE std::int64_t inPlanes(const Divisor::Result& ofChannels) const
    {
        return ofChannels.remainder * program.outer.value + ofChannels.quotient;
    }
};

/// What of a chain is known before it runs.
Program programOf(const KernelRequest& request)
{
    Program program;
    program.readsFloat32 = request.inputs[0].dtype == DType::Float32;
    program.givesFloat32 = request.outputs[0].dtype == DType::Float32;
    std::size_t next = 1;
    for (const ChainLink& link : chainLinks(request.attributes)) {
        const LinkOperand kind = operandOf(link);
        const bool isMask = kind == LinkOperand::Mask;
        const bool isFloat32 = kind == LinkOperand::Array && request.inputs[next++].dtype == DType::Float32;
        program.links[program.length++] = {link.code,
                                           kind,
                                           isFloat32,
                                           static_cast<float>(link.a),
                                           static_cast<float>(link.b),
                                           isMask ? dropThreshold(link.b) : 0,
                                           static_cast<std::uint64_t>(link.stream),
                                           nullptr,
                                           {}};
    }
    return program;
}

/// Sets what the arrays at hand say.
void bind(Program& program, const KernelContext& context)
{
    const Array& y = context.outputs[0];
    program.count = y.count();
    program.elements = Divisor(y.type.extents.empty() ? program.count : program.count / y.extent(0), program.count);
    const ThreeAxes axes = axesOf(y.type.extents);
    program.isLast = y.layout == Layout::ChannelsLast;
    program.outer = Divisor(axes[program.isLast ? 2 : 1], program.count);
    program.inner = Divisor(axes[program.isLast ? 1 : 2], program.count);
    program.state = queueOf(context).state;
    program.x = context.inputs[0].data;
    program.y = y.data;
    std::size_t next = 1;
    for (int k = 0; k < program.length; ++k) {
        CardLink& link = program.links[k];
        if (link.kind != LinkOperand::Array)
            continue;
        const Array& operand = context.inputs[next++];
        link.operand = operand.data;
        link.stretch = *stretchOf(operand.type.extents, y.type.extents, y.layout);
    }
}

template <class T> void runChain(Program program, const KernelContext& context)
{
    if (context.outputs[0].count() == 0)
        return;
    bind(program, context);
    constexpr std::int64_t width = ChainBody<T>::width;
    forEach(context, (program.count + width - 1) / width, ChainBody<T>{program});
}

/// Adds the option with all whole arrays in `layout`, if what is stretched can be found there.
void addOption(std::vector<KernelOption>& options, const KernelRequest& request, KernelOption option, Layout layout)
{
    const Extents& whole = request.outputs[0].extents;
    for (std::size_t i = 0; i < request.inputs.size(); ++i) {
        if (!stretchOf(request.inputs[i].extents, whole, layout))
            return;
        option.inputLayouts[i] = request.inputs[i].extents == whole ? layout : Layout::RowMajor;
    }
    option.outputLayouts[0] = layout;
    options.push_back(std::move(option));
}

template <class T> std::vector<KernelOption> optionsOf(const KernelRequest& request)
{
    const DType stored = storedType(request);
    const auto isTaken = [&](const ArrayType& type) { return type.dtype == DType::Float32 || type.dtype == stored; };
    if (!std::all_of(request.inputs.begin(), request.inputs.end(), isTaken) || request.attributes.integers("links").size() > mostLinks)
        return {};
    const auto run = [program = programOf(request)](const KernelContext& context) { runChain<T>(program, context); };
    std::vector<KernelOption> options;
    addOption(options, request, rowMajorOption(request, "cuda:chain", 1.0, run), Layout::RowMajor);
    if (request.outputs[0].extents.size() >= 3)
        addOption(options, request, rowMajorOption(request, "cuda:chain:channels-last", 1.0, run), Layout::ChannelsLast);
    return options;
}

} // namespace

std::vector<KernelOption> chainOptions(const KernelRequest& request)
{
    return visitStored(storedType(request), [&](auto number) { return optionsOf<decltype(number)>(request); });
}

void chainCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "ElementwiseChain", &chainOptions);
}

} // namespace weft
