#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/base/tree.h"
#include "core/graph/value.h"
#include "core/layers/layer_fault.h"
#include "core/layers/layer_picture.h"

namespace weft {

enum class Category { Data, Convolution, Pooling, Normalization, Activation, Core, Sequence, Loss, Block };
Text titleOf(Category category);

/// How a parameter is edited and checked.
enum class ParamKind {
    Integer,
    Real,
    Boolean,
    Choice, ///< one of `choices`
    Text,
    Integers, ///< a list of a fixed length, e.g. [5, 5]; one number stands for all
    Shape, ///< a list of any length ≥ 1 of positive integers
    Reals, ///< a list of any length ≥ 1 of numbers
    Column, ///< the name of a column of the data source
};

struct ParamSpec {
    std::string key; ///< lowerCamel, as in project files
    ParamKind kind = ParamKind::Integer;
    Tree defaultValue;
    double minimum = -1e300;
    double maximum = 1e300;
    std::vector<std::string> choices;
    Text label; ///< short, for the form: "Filters"
    Text help; ///< a sentence
    std::string onlyWhenKey = {}; ///< the parameter counts only while this one …
    std::string onlyWhenValue = {}; ///< … has this value; empty key: always
};

/// `value` checked and brought into the parameter's form: one number for `Integers` becomes a list.
/// Throws LayerFault that says what the value may be; `layer` is for the message.
Tree checkedValue(const ParamSpec& param, const Tree& value, const std::string& layer);

struct PortSpec {
    std::string name;
    std::string shapeHint; ///< "[N, ..., in]"
    bool isVariadic = false; ///< takes any number of wires ≥ 2, in order of wiring
    bool isOptional = false;
};

/// What a layer does with the lengths of a variable sequence [N, T, ...] on its inputs.
enum class Mask {
    Drop, ///< it does not know of lengths: its output carries none
    Pass, ///< it treats each step by itself: the output has the lengths of the first input that carries some
    Use, ///< it reads lengths and says by `giveLengths` whether its output is still a sequence
};

enum class Mode { Train, Infer };
/// YesNo: every number of the answer is a probability, of a pixel of a mask or one of several labels.
enum class Task { Classification, Regression, YesNo };

/// What a loss makes of its inputs beside the loss.
struct LossAnswer {
    Value prediction; ///< what is compared with the target: scores [N, classes], or numbers
    Value output; ///< what inference gives: probabilities or numbers
    Task task = Task::Regression;
    bool isOneScore = false; ///< the scores of two classes are made of one: the layer before the loss has one unit
};

class LayerSpec;

/// What a layer's `lower` sees. Implemented by `core/network`.
class LowerContext {
public:
    virtual ~LowerContext() = default;
    virtual Graph& graph() = 0;
    virtual Mode mode() const = 0;
    /// Values on the input ports, in port order; the wires of a variadic port follow one another.
    /// An optional port without a wire is an empty value.
    virtual const std::vector<Value>& inputs() const = 0;
    const Value& input(int index) const { return inputs()[static_cast<std::size_t>(index)]; }
    /// The checked value of a parameter (the default when the project has none).
    virtual const Tree& value(const std::string& key) const = 0;
    template <class T> T param(const std::string& key) const;
    /// A trained variable `node/name`. `decays` false exempts it from weight decay.
    virtual Value parameter(const std::string& name, const Shape& shape, const Initializer& initializer, bool decays = true) = 0;
    /// A variable that training writes by `assign`, e.g. running statistics.
    virtual Value state(const std::string& name, const Shape& shape, const Initializer& initializer) = 0;
    /// A value fed from the data source's column at each step.
    virtual Value feed(const std::string& column, const TensorType& type) = 0;
    /// How many steps of each sample on input `index` are real, int32 [N]; empty where all of them are.
    virtual Value lengths(int index) const = 0;
    /// The output is a sequence of these lengths.
    virtual void giveLengths(const Value& lengths) = 0;
    /// The most steps that T may stand for; 0 while no input varies.
    virtual std::int64_t longest() const = 0;
    /// T stands for up to `steps` steps: what an input of variable length says. Throws LayerFault when another says otherwise.
    virtual void declareLongest(std::int64_t steps) = 0;
    /// Key of this node's random stream (FNV-1a of its path).
    virtual std::uint64_t randomStream() const = 0;
    /// The layer that feeds input `index`, or nullptr.
    virtual const LayerSpec* source(int index) const = 0;
    /// Says something to the user about this node; lowering goes on.
    virtual void advise(Advice advice) = 0;
};

template <> inline int LowerContext::param<int>(const std::string& key) const
{
    return static_cast<int>(value(key).integer());
}
template <> inline std::int64_t LowerContext::param<std::int64_t>(const std::string& key) const
{
    return value(key).integer();
}
template <> inline double LowerContext::param<double>(const std::string& key) const
{
    return value(key).number();
}
template <> inline bool LowerContext::param<bool>(const std::string& key) const
{
    return value(key).boolean();
}
template <> inline std::string LowerContext::param<std::string>(const std::string& key) const
{
    return value(key).text();
}
template <> inline std::vector<std::int64_t> LowerContext::param<std::vector<std::int64_t>>(const std::string& key) const
{
    std::vector<std::int64_t> numbers;
    for (const Tree& item : value(key).list())
        numbers.push_back(item.integer());
    return numbers;
}

template <> inline std::vector<double> LowerContext::param<std::vector<double>>(const std::string& key) const
{
    std::vector<double> numbers;
    for (const Tree& item : value(key).list())
        numbers.push_back(item.number());
    return numbers;
}

/// Everything Weft knows of a layer: palette, form, help, ports, lowering. Built in one file of
/// `core/layers` in the fluent style of `dense.cpp`.
class LayerSpec {
public:
    using LowerFunction = std::function<Value(LowerContext&)>;

    /// `name` is the type, marked so that it can be shown in the user's language.
    LayerSpec(Text name, Category category) : m_name(name), m_type(name.source), m_title(m_type), m_category(category) {}
    /// A layer whose type is no word of any language: blocks.
    LayerSpec(std::string type, Category category) : m_type(std::move(type)), m_title(m_type), m_category(category) {}

    // Building. Methods that refine (range, label, help, choices) act on the parameter added last.
    /// What the user reads where it is not the type, as for blocks.
    LayerSpec& title(std::string text);
    LayerSpec& summary(Text text);
    /// A paragraph for F1: what it computes and when to use it.
    LayerSpec& details(Text text);
    /// What it computes as one line for F1, the same in every language; parts are separated by two spaces.
    LayerSpec& formula(std::string text);
    LayerSpec& picture(Picture picture);
    /// Draws `y` between two numbers as the layer's picture, with the default values of its parameters.
    LayerSpec& curve(double from, double to, std::function<double(double)> y, const char* axis = "x");
    LayerSpec& param(const std::string& key, int defaultValue);
    LayerSpec& param(const std::string& key, double defaultValue);
    LayerSpec& param(const std::string& key, bool defaultValue);
    /// A text parameter; with `choices` a choice.
    LayerSpec& param(const std::string& key, const char* defaultValue);
    LayerSpec& integer(const std::string& key, std::int64_t defaultValue);
    LayerSpec& integers(const std::string& key, std::vector<std::int64_t> defaultValue);
    LayerSpec& shape(const std::string& key, std::vector<std::int64_t> defaultValue);
    LayerSpec& reals(const std::string& key, std::vector<double> defaultValue);
    LayerSpec& column(const std::string& key, const char* defaultValue);
    LayerSpec& range(double minimum, double maximum);
    LayerSpec& choices(std::vector<std::string> values);
    /// The parameter counts only while the choice `key` is `value`; forms hide it otherwise.
    LayerSpec& onlyWhen(const std::string& key, const std::string& value);
    LayerSpec& label(Text text);
    LayerSpec& help(Text text);
    LayerSpec& input(const std::string& name, const std::string& shapeHint);
    LayerSpec& optionalInput(const std::string& name, const std::string& shapeHint);
    LayerSpec& variadicInput(const std::string& name, const std::string& shapeHint);
    LayerSpec& output(const std::string& name, const std::string& shapeHint);
    LayerSpec& lower(LowerFunction function);
    /// What becomes of the lengths of sequences; Drop where a layer says nothing.
    LayerSpec& mask(Mask mask);
    /// The output are probabilities, which losses from logits should not be fed with.
    LayerSpec& givesProbabilities();
    /// Losses: ports prediction and target, and the parameters that `core/network` reads by name:
    /// target (the column that feeds the port while it is unwired), weight, trainingOnly.
    LayerSpec& loss(const char* targetColumn, const std::string& predictionHint, const std::string& targetHint);
    /// Losses: the parameters weight and trainingOnly, for those whose ports are others than those of `loss`.
    LayerSpec& lossShare(bool isTrainingOnly);
    /// Losses: `lower` gives the loss of each sample [N] from ports prediction and target; `link`
    /// turns the prediction into what inference and exports give (softmax, sigmoid, identity).
    LayerSpec& link(std::function<Value(const Value& prediction)> function, Task task);
    /// Losses whose answer hangs on their parameters: in place of `link`.
    LayerSpec& answer(std::function<LossAnswer(LowerContext&)> function);

    // Reading.
    const std::string& type() const { return m_type; }
    /// The type for translation; its source is empty where `title` is the user's own.
    Text name() const { return m_name; }
    const std::string& title() const { return m_title; }
    Category category() const { return m_category; }
    Text summary() const { return m_summary; }
    Text details() const { return m_details; }
    const std::string& formula() const { return m_formula; }
    Picture picture() const { return m_picture; }
    const Curve& curve() const { return m_curve; }
    const std::vector<ParamSpec>& params() const { return m_params; }
    const ParamSpec* findParam(const std::string& key) const;
    const std::vector<PortSpec>& inputs() const { return m_inputs; }
    const std::vector<PortSpec>& outputs() const { return m_outputs; }
    /// Index of the port, or −1.
    int inputIndex(const std::string& name) const;
    int outputIndex(const std::string& name) const;
    const LowerFunction& lower() const { return m_lower; }
    Mask mask() const { return m_mask; }
    bool isLoss() const { return m_category == Category::Loss; }
    bool hasProbabilities() const { return m_givesProbabilities; }
    const std::function<LossAnswer(LowerContext&)>& answer() const { return m_answer; }
    /// What a loss with default parameters is for.
    Task task() const { return m_task; }

private:
    LayerSpec& addParam(const std::string& key, ParamKind kind, Tree defaultValue);

    Text m_name;
    std::string m_type;
    std::string m_title;
    Category m_category;
    Text m_summary;
    Text m_details;
    std::string m_formula;
    Picture m_picture = Picture::Category;
    Curve m_curve;
    std::vector<ParamSpec> m_params;
    std::vector<PortSpec> m_inputs;
    std::vector<PortSpec> m_outputs;
    LowerFunction m_lower;
    Mask m_mask = Mask::Drop;
    std::function<LossAnswer(LowerContext&)> m_answer;
    Task m_task = Task::Regression;
    bool m_givesProbabilities = false;
};

/// The column in a Loss's parameter `target` as a feed, or the wired target where there is one.
Value lossTarget(LowerContext& context, const TensorType& type);

/// All layers, in palette order. The list is generated by CMake from `core/layers/CMakeLists.txt`.
const std::vector<LayerSpec>& layerCatalogue();
/// The layer of this type, or nullptr.
const LayerSpec* findLayer(const std::string& type);

} // namespace weft
