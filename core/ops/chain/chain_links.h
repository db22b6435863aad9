#pragma once

#include <tuple>

#include "core/ops/activation/activation_ref.h"
#include "core/ops/binary/binary_ref.h"
#include "core/ops/chain/chain.h"
#include "core/ops/unary/unary_ref.h"

namespace weft {

// The elementwise ops that a chain may hold, each by the function that its own kernels have. A link takes the running value v, its
// operand w, and the numbers a and b of its op.

template <class Function> struct UnaryLink {
    static constexpr auto operand = LinkOperand::None;
    template <class T> static constexpr T of(T v, T, T, T) { return Function::of(v); }
};
template <class Function> struct ActivationLink {
    static constexpr auto operand = LinkOperand::None;
    template <class T> static constexpr T of(T v, T, T a, T) { return Function::value(v, a); }
};
struct AffineLink {
    static constexpr auto operand = LinkOperand::None;
    template <class T> static constexpr T of(T v, T, T a, T b) { return a * v + b; }
};
/// v is a slope by the result w.
template <class Slope> struct SlopeByResultLink {
    static constexpr auto operand = LinkOperand::Array;
    template <class T> static constexpr T of(T v, T w, T, T) { return v * Slope::of(w); }
};
/// v is a slope by the function of w.
template <class Function> struct SlopeLink {
    static constexpr auto operand = LinkOperand::Array;
    template <class T> static constexpr T of(T v, T w, T a, T) { return v * Function::slope(w, a); }
};
template <class Function> struct LeftLink {
    static constexpr auto operand = LinkOperand::Array;
    template <class T> static constexpr T of(T v, T w, T, T) { return Function::of(v, w); }
};
template <class Function> struct RightLink {
    static constexpr auto operand = LinkOperand::Array;
    template <class T> static constexpr T of(T v, T w, T, T) { return Function::of(w, v); }
};
struct DropoutLink {
    static constexpr auto operand = LinkOperand::Mask;
    template <class T> static constexpr T of(T v, T w, T a, T) { return w != T(0) ? v * a : T(0); }
};

/// A link by the name of its op, and which of the op's inputs is the running value.
template <class Function> struct LinkEntry {
    using Link = Function;
    const char* op;
    int running = 0;
};

template <class Function> constexpr auto unaryLink(const char* op)
{
    return std::tuple(LinkEntry<UnaryLink<Function>>{op});
}
template <class Slope> constexpr auto slopeByResultLink(const char* op)
{
    return std::tuple(LinkEntry<SlopeByResultLink<Slope>>{op});
}
template <class Function> constexpr auto activationLinks(const char* op, const char* gradient)
{
    return std::tuple(LinkEntry<ActivationLink<Function>>{op}, LinkEntry<SlopeLink<Function>>{gradient});
}
template <class Function> constexpr auto binaryLinks(const char* op)
{
    return std::tuple(LinkEntry<LeftLink<Function>>{op, 0}, LinkEntry<RightLink<Function>>{op, 1});
}

/// All of them. A link's code is its place here.
inline constexpr auto linkTable = std::tuple_cat(
    unaryLink<ReluFunction>("Relu"), unaryLink<SigmoidFunction>("Sigmoid"), unaryLink<TanhFunction>("Tanh"), unaryLink<ExpFunction>("Exp"),
    unaryLink<LogFunction>("Log"), unaryLink<SqrtFunction>("Sqrt"), unaryLink<SquareFunction>("Square"), unaryLink<NegateFunction>("Negate"),
    std::tuple(LinkEntry<AffineLink>{"Affine"}, LinkEntry<DropoutLink>{"Dropout"}), slopeByResultLink<ReluSlope>("ReluGradient"),
    slopeByResultLink<SigmoidSlope>("SigmoidGradient"), slopeByResultLink<TanhSlope>("TanhGradient"),
    activationLinks<LeakyReluFunction>("LeakyRelu", "LeakyReluGradient"), activationLinks<EluFunction>("Elu", "EluGradient"),
    activationLinks<SoftplusFunction>("Softplus", "SoftplusGradient"), activationLinks<GeluFunction>("Gelu", "GeluGradient"),
    activationLinks<SiluFunction>("Silu", "SiluGradient"), activationLinks<MishFunction>("Mish", "MishGradient"),
    activationLinks<HardSwishFunction>("HardSwish", "HardSwishGradient"), activationLinks<ClippedReluFunction>("ClippedRelu", "ClippedReluGradient"),
    activationLinks<ErfFunction>("Erf", "ErfGradient"), binaryLinks<AddFunction>("Add"), binaryLinks<SubtractFunction>("Subtract"),
    binaryLinks<MultiplyFunction>("Multiply"), binaryLinks<DivideFunction>("Divide"), binaryLinks<MaximumFunction>("Maximum"),
    binaryLinks<MinimumFunction>("Minimum"));

inline constexpr int linkCount = static_cast<int>(std::tuple_size_v<std::remove_const_t<decltype(linkTable)>>);
template <int code> using LinkAt = typename std::tuple_element_t<code, std::remove_const_t<decltype(linkTable)>>::Link;

/// Calls visit(Link()) with the link of a code, which it finds by halves.
template <int first = 0, int end = linkCount, class Visit> constexpr void visitLink(int code, const Visit& visit)
{
    constexpr int middle = (first + end) / 2;
    if constexpr (end - first == 1)
        visit(LinkAt<first>());
    else if (code < middle)
        visitLink<first, middle>(code, visit);
    else
        visitLink<middle, end>(code, visit);
}

} // namespace weft
