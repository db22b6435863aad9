#include "core/layers/layer_spec.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <unordered_map>

namespace weft {

Text titleOf(Category category)
{
    switch (category) {
    case Category::Data: return WEFT_TEXT("Category", "Data");
    case Category::Convolution: return WEFT_TEXT("Category", "Convolution");
    case Category::Pooling: return WEFT_TEXT("Category", "Pooling");
    case Category::Normalization: return WEFT_TEXT("Category", "Normalization");
    case Category::Activation: return WEFT_TEXT("Category", "Activation");
    case Category::Core: return WEFT_TEXT("Category", "Core");
    case Category::Sequence: return WEFT_TEXT("Category", "Sequences");
    case Category::Loss: return WEFT_TEXT("Category", "Loss");
    case Category::Block: return WEFT_TEXT("Category", "Blocks");
    }
    return {};
}

namespace {

[[noreturn]] void refuseKind(const ParamSpec& param, const std::string& layer, Text text)
{
    throw LayerFault("param.kind", message(text, layer, param.key));
}

/// A bound as the user would write it: no exponent, no trailing zeros, for whole numbers.
std::string numberText(double number)
{
    if (std::floor(number) == number && std::abs(number) < 1e15)
        return std::to_string(static_cast<std::int64_t>(number));
    return english(message(Text{"", "%1"}, number));
}

/// "Set filters to 1": only a single number can be mended without knowing the rest.
std::vector<Remedy> withinBounds(const ParamSpec& param, double number)
{
    if (param.kind != ParamKind::Integer && param.kind != ParamKind::Real)
        return {};
    const double bound = number < param.minimum ? param.minimum : param.maximum;
    const Tree value = param.kind == ParamKind::Integer ? Tree(static_cast<std::int64_t>(bound)) : Tree(bound);
    return {Remedy::setParam(message(WEFT_TEXT("Network", "Set \"%1\" to %2"), param.key, numberText(bound)), param.key, value)};
}

void checkRange(const ParamSpec& param, const std::string& layer, double number)
{
    if (number >= param.minimum && number <= param.maximum)
        return;
    throw LayerFault("param.range",
                     message(WEFT_TEXT("Network", "\"%2\" of %1 is %3, but must lie between %4 and %5."), layer, param.key, numberText(number),
                             numberText(param.minimum), numberText(param.maximum)),
                     withinBounds(param, number));
}

Tree checkedIntegers(const ParamSpec& param, const Tree& value, const std::string& layer, std::size_t length)
{
    const auto checkItem = [&](const Tree& item) {
        if (!item.isInt())
            refuseKind(param, layer, WEFT_TEXT("Network", "\"%2\" of %1 must hold whole numbers only."));
        checkRange(param, layer, item.number());
    };
    if (value.isInt() && length > 0) {
        checkItem(value);
        return Tree::List(length, value);
    }
    if (!value.isList())
        refuseKind(param, layer, WEFT_TEXT("Network", "\"%2\" of %1 must be a list of whole numbers, such as [5, 5]."));
    if (value.list().empty() || (length > 0 && value.list().size() != length))
        throw LayerFault("param.kind",
                         message(WEFT_TEXT("Network", "\"%2\" of %1 must have %3 numbers, but has %4."), layer, param.key,
                                 std::max<std::size_t>(length, 1), value.list().size()));
    std::for_each(value.list().begin(), value.list().end(), checkItem);
    return value;
}

Tree checkedChoice(const ParamSpec& param, const Tree& value, const std::string& layer)
{
    if (value.isText() && std::find(param.choices.begin(), param.choices.end(), value.text()) != param.choices.end())
        return value;
    std::string list;
    for (const std::string& choice : param.choices)
        list += (list.empty() ? "" : ", ") + choice;
    throw LayerFault("param.choice", message(WEFT_TEXT("Network", "\"%2\" of %1 must be one of: %3."), layer, param.key, list));
}

} // namespace

Tree checkedValue(const ParamSpec& param, const Tree& value, const std::string& layer)
{
    switch (param.kind) {
    case ParamKind::Integer:
        if (!value.isInt())
            refuseKind(param, layer, WEFT_TEXT("Network", "\"%2\" of %1 must be a whole number."));
        checkRange(param, layer, value.number());
        return value;
    case ParamKind::Real:
        if (!value.isNumber() || !std::isfinite(value.number()))
            refuseKind(param, layer, WEFT_TEXT("Network", "\"%2\" of %1 must be a number."));
        checkRange(param, layer, value.number());
        return value;
    case ParamKind::Boolean:
        if (!value.isBool())
            refuseKind(param, layer, WEFT_TEXT("Network", "\"%2\" of %1 must be true or false."));
        return value;
    case ParamKind::Choice: return checkedChoice(param, value, layer);
    case ParamKind::Text:
    case ParamKind::Column:
        if (!value.isText())
            refuseKind(param, layer, WEFT_TEXT("Network", "\"%2\" of %1 must be a text in quotes."));
        return value;
    case ParamKind::Integers: return checkedIntegers(param, value, layer, param.defaultValue.list().size());
    case ParamKind::Shape: return checkedIntegers(param, value, layer, 0);
    case ParamKind::Reals:
        if (!value.isList() || value.list().empty())
            refuseKind(param, layer, WEFT_TEXT("Network", "\"%2\" of %1 must be a list of numbers, such as [0.5, 0.5, 0.5]."));
        for (const Tree& item : value.list()) {
            if (!item.isNumber() || !std::isfinite(item.number()))
                refuseKind(param, layer, WEFT_TEXT("Network", "\"%2\" of %1 must hold numbers only."));
            checkRange(param, layer, item.number());
        }
        return value;
    }
    return value;
}

LayerSpec& LayerSpec::title(std::string text)
{
    m_title = std::move(text);
    m_name = {};
    return *this;
}

LayerSpec& LayerSpec::summary(Text text)
{
    m_summary = text;
    return *this;
}

LayerSpec& LayerSpec::details(Text text)
{
    m_details = text;
    return *this;
}

LayerSpec& LayerSpec::formula(std::string text)
{
    m_formula = std::move(text);
    return *this;
}

LayerSpec& LayerSpec::picture(Picture picture)
{
    m_picture = picture;
    return *this;
}

LayerSpec& LayerSpec::curve(double from, double to, std::function<double(double)> y, const char* axis)
{
    m_curve = {from, to, std::move(y), axis};
    return *this;
}

LayerSpec& LayerSpec::addParam(const std::string& key, ParamKind kind, Tree defaultValue)
{
    assert(!findParam(key));
    ParamSpec& added = m_params.emplace_back();
    added.key = key;
    added.kind = kind;
    added.defaultValue = std::move(defaultValue);
    return *this;
}

LayerSpec& LayerSpec::param(const std::string& key, int defaultValue)
{
    return integer(key, defaultValue);
}

LayerSpec& LayerSpec::integer(const std::string& key, std::int64_t defaultValue)
{
    return addParam(key, ParamKind::Integer, defaultValue);
}

LayerSpec& LayerSpec::param(const std::string& key, double defaultValue)
{
    return addParam(key, ParamKind::Real, defaultValue);
}

LayerSpec& LayerSpec::param(const std::string& key, bool defaultValue)
{
    return addParam(key, ParamKind::Boolean, defaultValue);
}

LayerSpec& LayerSpec::param(const std::string& key, const char* defaultValue)
{
    return addParam(key, ParamKind::Text, defaultValue);
}

LayerSpec& LayerSpec::integers(const std::string& key, std::vector<std::int64_t> defaultValue)
{
    return addParam(key, ParamKind::Integers, Tree::List(defaultValue.begin(), defaultValue.end()));
}

LayerSpec& LayerSpec::shape(const std::string& key, std::vector<std::int64_t> defaultValue)
{
    return addParam(key, ParamKind::Shape, Tree::List(defaultValue.begin(), defaultValue.end())).range(1, 1 << 20);
}

LayerSpec& LayerSpec::reals(const std::string& key, std::vector<double> defaultValue)
{
    return addParam(key, ParamKind::Reals, Tree::List(defaultValue.begin(), defaultValue.end()));
}

LayerSpec& LayerSpec::column(const std::string& key, const char* defaultValue)
{
    return addParam(key, ParamKind::Column, defaultValue);
}

LayerSpec& LayerSpec::range(double minimum, double maximum)
{
    m_params.back().minimum = minimum;
    m_params.back().maximum = maximum;
    return *this;
}

LayerSpec& LayerSpec::choices(std::vector<std::string> values)
{
    m_params.back().kind = ParamKind::Choice;
    m_params.back().choices = std::move(values);
    return *this;
}

LayerSpec& LayerSpec::onlyWhen(const std::string& key, const std::string& value)
{
    m_params.back().onlyWhenKey = key;
    m_params.back().onlyWhenValue = value;
    return *this;
}

LayerSpec& LayerSpec::label(Text text)
{
    m_params.back().label = text;
    return *this;
}

LayerSpec& LayerSpec::help(Text text)
{
    m_params.back().help = text;
    return *this;
}

LayerSpec& LayerSpec::input(const std::string& name, const std::string& shapeHint)
{
    m_inputs.push_back({name, shapeHint, false, false});
    return *this;
}

LayerSpec& LayerSpec::optionalInput(const std::string& name, const std::string& shapeHint)
{
    m_inputs.push_back({name, shapeHint, false, true});
    return *this;
}

LayerSpec& LayerSpec::variadicInput(const std::string& name, const std::string& shapeHint)
{
    m_inputs.push_back({name, shapeHint, true, false});
    return *this;
}

LayerSpec& LayerSpec::output(const std::string& name, const std::string& shapeHint)
{
    m_outputs.push_back({name, shapeHint, false, false});
    return *this;
}

LayerSpec& LayerSpec::lower(LowerFunction function)
{
    m_lower = std::move(function);
    return *this;
}

LayerSpec& LayerSpec::mask(Mask mask)
{
    m_mask = mask;
    return *this;
}

LayerSpec& LayerSpec::givesProbabilities()
{
    m_givesProbabilities = true;
    return *this;
}

LayerSpec& LayerSpec::loss(const char* targetColumn, const std::string& predictionHint, const std::string& targetHint)
{
    return input("prediction", predictionHint)
        .optionalInput("target", targetHint)
        .column("target", targetColumn)
        .label(WEFT_TEXT("Loss", "Target column"))
        .help(WEFT_TEXT("Loss", "The column of the data that holds what should be predicted. A wire to the target port takes its place."))
        .lossShare(false);
}

LayerSpec& LayerSpec::lossShare(bool isTrainingOnly)
{
    return param("weight", 1.0)
        .range(0, 1e6)
        .label(WEFT_TEXT("Loss", "Weight"))
        .help(WEFT_TEXT("Loss", "The loss counts this much in the sum that training lowers."))
        .param("trainingOnly", isTrainingOnly)
        .label(WEFT_TEXT("Loss", "Training only"))
        .help(WEFT_TEXT("Loss", "Leaves this loss and its output out of evaluation, prediction and export, as for auxiliary heads."));
}

LayerSpec& LayerSpec::link(std::function<Value(const Value& prediction)> function, Task task)
{
    m_task = task;
    return answer([link = std::move(function), task](LowerContext& c) { return LossAnswer{c.input(0), link(c.input(0)), task}; });
}

LayerSpec& LayerSpec::answer(std::function<LossAnswer(LowerContext&)> function)
{
    m_answer = std::move(function);
    return *this;
}

const ParamSpec* LayerSpec::findParam(const std::string& key) const
{
    const auto it = std::find_if(m_params.begin(), m_params.end(), [&](const ParamSpec& param) { return param.key == key; });
    return it == m_params.end() ? nullptr : &*it;
}

namespace {
int indexOfPort(const std::vector<PortSpec>& ports, const std::string& name)
{
    const auto it = std::find_if(ports.begin(), ports.end(), [&](const PortSpec& port) { return port.name == name; });
    return it == ports.end() ? -1 : static_cast<int>(it - ports.begin());
}
} // namespace

int LayerSpec::inputIndex(const std::string& name) const
{
    return indexOfPort(m_inputs, name);
}

int LayerSpec::outputIndex(const std::string& name) const
{
    return indexOfPort(m_outputs, name);
}

Value lossTarget(LowerContext& context, const TensorType& type)
{
    if (const Value wired = context.input(1)) {
        if (wired.shape() != type.shape)
            throw LayerFault("shape.target",
                             message(WEFT_TEXT("Loss", "The prediction asks for a target of shape %1, but the wired target is %2."),
                                     toString(type.shape), toString(wired.shape())));
        return wired;
    }
    const auto column = context.param<std::string>("target");
    if (column.empty())
        throw LayerFault("loss.target", message(WEFT_TEXT("Loss", "This loss has no target: name a column in \"target\" or wire the target port.")));
    return context.feed(column, type);
}

const LayerSpec* findLayer(const std::string& type)
{
    static const std::unordered_map<std::string, const LayerSpec*> byType = [] {
        std::unordered_map<std::string, const LayerSpec*> map;
        for (const LayerSpec& layer : layerCatalogue())
            map.emplace(layer.type(), &layer);
        return map;
    }();
    const auto it = byType.find(type);
    return it == byType.end() ? nullptr : it->second;
}

} // namespace weft
