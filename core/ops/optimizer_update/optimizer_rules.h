#pragma once

#include <array>
#include <cmath>

#include "core/base/attributes.h"

namespace weft {

// One struct an optimizer: its numbers for a step, and what it does to one weight. All kernels run
// these rules, in float or double. A rule has
//   op      the name of its op
//   slots   how many arrays it remembers for each parameter
//   a constructor from the op's attributes (anything with `real` and `flag`), the learning rate, and the number of the update, from 1
//   operator()(p, g, slots…), which changes one weight and its slots, given the slope g
//   restsWithoutSlope, where a slope of 0 changes neither.
// Coefficients are rounded after differences: 1 - float(0.999) is off by 5e-5, which the first steps feel.

/// p −= rate·g.
template <class T> struct SgdRule {
    static constexpr const char* op = "SgdUpdate";
    static constexpr std::size_t slots = 0;
    static constexpr bool restsWithoutSlope = true;
    T rate = 0;

    SgdRule() = default;
    template <class Numbers> constexpr SgdRule(const Numbers&, double learningRate, double) : rate(static_cast<T>(learningRate)) {}
    constexpr void operator()(T& p, T g) const { p -= rate * g; }
};

/// v = momentum·v + g; p −= rate·v, or rate·(g + momentum·v) as Nesterov has it.
template <class T> struct MomentumRule {
    static constexpr const char* op = "MomentumUpdate";
    static constexpr std::size_t slots = 1;
    T rate = 0, momentum = 0, ofSlope = 0, ofVelocity = 1;

    MomentumRule() = default;
    template <class Numbers> constexpr MomentumRule(const Numbers& a, double learningRate, double) :
        rate(static_cast<T>(learningRate)), momentum(static_cast<T>(a.real("momentum"))), ofSlope(a.flag("nesterov") ? T(1) : T(0)),
        ofVelocity(a.flag("nesterov") ? momentum : T(1))
    {
    }
    constexpr void operator()(T& p, T g, T& velocity) const
    {
        velocity = momentum * velocity + g;
        p -= rate * (ofSlope * g + ofVelocity * velocity);
    }
};

/// Adam (Kingma & Ba, 2015); with decoupled weight decay AdamW (Loshchilov & Hutter, 2019).
template <class T> struct AdamRule {
    static constexpr const char* op = "AdamUpdate";
    static constexpr std::size_t slots = 2;
    T scale = 0, correction = 0, epsilon = 0, b1 = 0, b2 = 0, fresh1 = 0, fresh2 = 0;

    AdamRule() = default;
    template <class Numbers> constexpr AdamRule(const Numbers& a, double learningRate, double update) :
        scale(static_cast<T>(learningRate / (1.0 - std::pow(a.real("beta1"), update)))),
        correction(static_cast<T>(1.0 / std::sqrt(1.0 - std::pow(a.real("beta2"), update)))), epsilon(static_cast<T>(a.real("epsilon"))),
        b1(static_cast<T>(a.real("beta1"))), b2(static_cast<T>(a.real("beta2"))), fresh1(static_cast<T>(1.0 - a.real("beta1"))),
        fresh2(static_cast<T>(1.0 - a.real("beta2")))
    {
    }
    constexpr void operator()(T& p, T g, T& m, T& v) const
    {
        m = b1 * m + fresh1 * g;
        v = b2 * v + fresh2 * g * g;
        p -= scale * m / (std::sqrt(v) * correction + epsilon);
    }
};

/// NAdam (Dozat, 2016): Adam that looks ahead along its momentum. The momentum of update t is
/// beta1·(1 − 0.96^(t·momentumDecay) / 2); bias is corrected by the product of those so far, as in PyTorch 2.
template <class T> struct NadamRule {
    static constexpr const char* op = "NadamUpdate";
    static constexpr std::size_t slots = 2;
    T ofSlope = 0, ofMean = 0, correction = 0, epsilon = 0, b1 = 0, b2 = 0, fresh1 = 0, fresh2 = 0;

    NadamRule() = default;
    template <class Numbers> constexpr NadamRule(const Numbers& a, double learningRate, double update) :
        correction(static_cast<T>(1.0 / std::sqrt(1.0 - std::pow(a.real("beta2"), update)))), epsilon(static_cast<T>(a.real("epsilon"))),
        b1(static_cast<T>(a.real("beta1"))), b2(static_cast<T>(a.real("beta2"))), fresh1(static_cast<T>(1.0 - a.real("beta1"))),
        fresh2(static_cast<T>(1.0 - a.real("beta2")))
    {
        const double beta1 = a.real("beta1");
        const double fade = std::pow(0.96, a.real("momentumDecay"));
        const auto momentum = [&](double t) { return beta1 * (1.0 - 0.5 * std::pow(fade, t)); };
        // Below this the product no longer changes 1 − product.
        constexpr double negligible = 1e-18;
        double product = 1.0;
        double faded = 1.0;
        for (double t = 1.0; t <= update && product > negligible; ++t) {
            faded *= fade;
            product *= beta1 * (1.0 - 0.5 * faded);
        }
        const double next = momentum(update + 1.0);
        ofSlope = static_cast<T>(learningRate * (1.0 - momentum(update)) / (1.0 - product));
        ofMean = static_cast<T>(learningRate * next / (1.0 - product * next));
    }
    constexpr void operator()(T& p, T g, T& m, T& v) const
    {
        m = b1 * m + fresh1 * g;
        v = b2 * v + fresh2 * g * g;
        p -= (ofSlope * g + ofMean * m) / (std::sqrt(v) * correction + epsilon);
    }
};

/// RMSprop (Hinton, 2012): v = alpha·v + (1 − alpha)·g²; p −= rate·g / (√v + epsilon).
template <class T> struct RmspropRule {
    static constexpr const char* op = "RmspropUpdate";
    static constexpr std::size_t slots = 1;
    T rate = 0, alpha = 0, fresh = 0, epsilon = 0;

    RmspropRule() = default;
    template <class Numbers> constexpr RmspropRule(const Numbers& a, double learningRate, double) :
        rate(static_cast<T>(learningRate)), alpha(static_cast<T>(a.real("alpha"))), fresh(static_cast<T>(1.0 - a.real("alpha"))),
        epsilon(static_cast<T>(a.real("epsilon")))
    {
    }
    constexpr T direction(T g, T& v) const
    {
        v = alpha * v + fresh * g * g;
        return g / (std::sqrt(v) + epsilon);
    }
    constexpr void operator()(T& p, T g, T& v) const { p -= rate * direction(g, v); }
};

/// RMSprop whose direction gathers momentum.
template <class T> struct RmspropMomentumRule {
    static constexpr const char* op = "RmspropMomentumUpdate";
    static constexpr std::size_t slots = 2;
    RmspropRule<T> plain;
    T momentum = 0;

    RmspropMomentumRule() = default;
    template <class Numbers> constexpr RmspropMomentumRule(const Numbers& a, double learningRate, double update) :
        plain(a, learningRate, update), momentum(static_cast<T>(a.real("momentum")))
    {
    }
    constexpr void operator()(T& p, T g, T& v, T& velocity) const
    {
        velocity = momentum * velocity + plain.direction(g, v);
        p -= plain.rate * velocity;
    }
};

/// Adagrad (Duchi et al., 2011): sum += g²; p −= rate / (1 + (t − 1)·learningRateDecay) · g / (√sum + epsilon).
template <class T> struct AdagradRule {
    static constexpr const char* op = "AdagradUpdate";
    static constexpr std::size_t slots = 1;
    static constexpr bool restsWithoutSlope = true;
    T rate = 0, epsilon = 0;

    AdagradRule() = default;
    template <class Numbers> constexpr AdagradRule(const Numbers& a, double learningRate, double update) :
        rate(static_cast<T>(learningRate / (1.0 + (update - 1.0) * a.real("learningRateDecay")))), epsilon(static_cast<T>(a.real("epsilon")))
    {
    }
    constexpr void operator()(T& p, T g, T& sum) const
    {
        sum += g * g;
        p -= rate * g / (std::sqrt(sum) + epsilon);
    }
};

/// Adadelta (Zeiler, 2012): steps in the weights' own unit, from means of squared slopes and steps.
template <class T> struct AdadeltaRule {
    static constexpr const char* op = "AdadeltaUpdate";
    static constexpr std::size_t slots = 2;
    T rate = 0, rho = 0, fresh = 0, epsilon = 0;

    AdadeltaRule() = default;
    template <class Numbers> constexpr AdadeltaRule(const Numbers& a, double learningRate, double) :
        rate(static_cast<T>(learningRate)), rho(static_cast<T>(a.real("rho"))), fresh(static_cast<T>(1.0 - a.real("rho"))),
        epsilon(static_cast<T>(a.real("epsilon")))
    {
    }
    constexpr void operator()(T& p, T g, T& square, T& steps) const
    {
        square = rho * square + fresh * g * g;
        const T delta = std::sqrt(steps + epsilon) / std::sqrt(square + epsilon) * g;
        steps = rho * steps + fresh * delta * delta;
        p -= rate * delta;
    }
};

/// Lion (Chen et al., 2023): the sign of a mean of slopes; p −= rate·sign(beta1·m + (1 − beta1)·g),
/// then m = beta2·m + (1 − beta2)·g.
template <class T> struct LionRule {
    static constexpr const char* op = "LionUpdate";
    static constexpr std::size_t slots = 1;
    T rate = 0, b1 = 0, b2 = 0, fresh1 = 0, fresh2 = 0;

    LionRule() = default;
    template <class Numbers> constexpr LionRule(const Numbers& a, double learningRate, double) :
        rate(static_cast<T>(learningRate)), b1(static_cast<T>(a.real("beta1"))), b2(static_cast<T>(a.real("beta2"))),
        fresh1(static_cast<T>(1.0 - a.real("beta1"))), fresh2(static_cast<T>(1.0 - a.real("beta2")))
    {
    }
    constexpr void operator()(T& p, T g, T& m) const
    {
        const T direction = b1 * m + fresh1 * g;
        p -= direction > T(0) ? rate : direction < T(0) ? -rate : T(0);
        m = b2 * m + fresh2 * g;
    }
};

/// Calls visit.operator()<Rule>() for every rule: the one list of optimizers.
template <class Visit> void forEachOptimizerRule(const Visit& visit)
{
    visit.template operator()<SgdRule>();
    visit.template operator()<MomentumRule>();
    visit.template operator()<AdamRule>();
    visit.template operator()<NadamRule>();
    visit.template operator()<RmspropRule>();
    visit.template operator()<RmspropMomentumRule>();
    visit.template operator()<AdagradRule>();
    visit.template operator()<AdadeltaRule>();
    visit.template operator()<LionRule>();
}

/// What happens to a weight and its gradient before the rule: scaling and clipping of the gradient,
/// penalties on the weight, decoupled decay of the weight.
template <class T> struct Penalty {
    T scale = 1, limit = 0, keep = 1, l1 = 0, l2 = 0;
    bool isPlain = true; ///< only l2 may matter

    Penalty() = default;
    template <class Numbers> constexpr Penalty(const Numbers& a, double rate, double gradientScale, bool decays) :
        scale(static_cast<T>(gradientScale)), limit(static_cast<T>(a.real("clipValue")))
    {
        if (decays) {
            const double decay = a.real("weightDecay");
            const bool isDecoupled = a.flag("decoupled");
            keep = static_cast<T>(isDecoupled ? 1.0 - rate * decay : 1.0);
            l2 = static_cast<T>(isDecoupled ? 0.0 : decay);
            l1 = static_cast<T>(a.real("l1"));
        }
        isPlain = limit == T(0) && l1 == T(0) && keep == T(1) && !a.flag("isScaled");
    }
};

/// Updates the weights [begin, end) of one parameter `p` with the gradient `g`. The caller's closure is
/// copied, so that the compiler knows it apart from what the loop writes.
template <bool isPlain, class T, class Rule> [[gnu::always_inline]] constexpr void updateElements(const Rule& given, const Penalty<T>& givenPenalty,
                                                                                               T* p, const T* g, const std::array<T*, 2>& slots,
                                                                                               std::int64_t begin, std::int64_t end)
{
    const Rule rule = given;
    const Penalty<T> penalty = givenPenalty;
    T* const first = slots[0];
    T* const second = slots[1];
#pragma GCC ivdep
    for (std::int64_t i = begin; i < end; ++i) {
        T weight = p[i];
        T slope = g[i];
        if constexpr (!isPlain) {
            weight *= penalty.keep;
            slope *= penalty.scale;
            if (penalty.limit > T(0))
                slope = slope < -penalty.limit ? -penalty.limit : slope > penalty.limit ? penalty.limit : slope;
            slope += weight > T(0) ? penalty.l1 : weight < T(0) ? -penalty.l1 : T(0);
        }
        slope += penalty.l2 * weight;
        // Slots go through locals: by reference every write could change what is read after it.
        if constexpr (Rule::slots == 0) {
            rule(weight, slope);
        } else if constexpr (Rule::slots == 1) {
            T slot = first[i];
            rule(weight, slope, slot);
            first[i] = slot;
        } else {
            T one = first[i];
            T two = second[i];
            rule(weight, slope, one, two);
            first[i] = one;
            second[i] = two;
        }
        p[i] = weight;
    }
}

} // namespace weft
