#include "core/training/settings_fields.h"

#include <algorithm>
#include <cmath>

#include "core/base/nearest.h"

namespace weft {

FieldReader::FieldReader(const Tree& tree, std::string path) : m_tree(tree), m_path(std::move(path))
{
    if (!tree.isMap() && !tree.isNull())
        throw Error(WEFT_TEXT("Training", "\"%1\" must be an object of settings."), m_path);
}

const Tree* FieldReader::take(std::string_view key)
{
    m_known.emplace_back(key);
    return m_tree.find(key);
}

void FieldReader::integer(std::string_view key, std::int64_t minimum, std::int64_t& to)
{
    const Tree* value = take(key);
    if (!value)
        return;
    if (!value->isInt() || value->integer() < minimum)
        throw Error(WEFT_TEXT("Training", "\"%1\" must be an integer of at least %2."), pathOf(key), minimum);
    to = value->integer();
}

void FieldReader::integers(std::string_view key, std::int64_t minimum, std::vector<std::int64_t>& to)
{
    const Tree* value = take(key);
    if (!value)
        return;
    const Tree::List list = value->isList() ? value->list() : Tree::List{*value};
    std::vector<std::int64_t> numbers;
    for (const Tree& item : list) {
        if (!item.isInt() || item.integer() < minimum || (!numbers.empty() && item.integer() <= numbers.back()))
            throw Error(WEFT_TEXT("Training", "\"%1\" must be a list of growing integers, each at least %2."), pathOf(key), minimum);
        numbers.push_back(item.integer());
    }
    to = std::move(numbers);
}

void FieldReader::real(std::string_view key, const NumberRange& range, double& to)
{
    const Tree* value = take(key);
    if (!value)
        return;
    const double number = value->isNumber() ? value->number() : std::numeric_limits<double>::quiet_NaN();
    const bool isAbove = range.isMinimumAllowed ? number >= range.minimum : number > range.minimum;
    const bool isInside = std::isfinite(number) && isAbove && number < range.limit;
    if (!isInside && std::isfinite(range.limit) && !range.isMinimumAllowed)
        throw Error(WEFT_TEXT("Training", "\"%1\" must be a number greater than %2 and less than %3."), pathOf(key), range.minimum, range.limit);
    if (!isInside && std::isfinite(range.limit))
        throw Error(WEFT_TEXT("Training", "\"%1\" must be a number from %2 to less than %3."), pathOf(key), range.minimum, range.limit);
    if (!isInside && range.isMinimumAllowed)
        throw Error(WEFT_TEXT("Training", "\"%1\" must be a number of at least %2."), pathOf(key), range.minimum);
    if (!isInside)
        throw Error(WEFT_TEXT("Training", "\"%1\" must be a number greater than %2."), pathOf(key), range.minimum);
    to = number;
}

void FieldReader::boolean(std::string_view key, bool& to)
{
    const Tree* value = take(key);
    if (!value)
        return;
    if (!value->isBool())
        throw Error(WEFT_TEXT("Training", "\"%1\" must be true or false."), pathOf(key));
    to = value->boolean();
}

void FieldReader::choice(std::string_view key, const std::vector<std::string>& choices, std::string& to)
{
    const Tree* value = take(key);
    if (!value)
        return;
    if (!value->isText() || std::find(choices.begin(), choices.end(), value->text()) == choices.end()) {
        std::string listed;
        for (const std::string& choice : choices)
            listed += (listed.empty() ? "\"" : ", \"") + choice + "\"";
        throw Error(WEFT_TEXT("Training", "\"%1\" must be one of %2."), pathOf(key), listed);
    }
    to = value->text();
}

void FieldReader::refuseOthers() const
{
    if (!m_tree.isMap())
        return;
    for (const auto& [key, value] : m_tree.map()) {
        if (std::find(m_known.begin(), m_known.end(), key) != m_known.end())
            continue;
        const std::string near = nearest(key, m_known);
        if (near.empty())
            throw Error(WEFT_TEXT("Training", "\"%1\" is no setting of the training."), pathOf(key));
        throw Error(WEFT_TEXT("Training", "\"%1\" is no setting of the training. Did you mean \"%2\"?"), pathOf(key), near);
    }
}

void FieldWriter::integers(std::string_view key, std::int64_t, const std::vector<std::int64_t>& values)
{
    Tree::List list;
    for (const std::int64_t value : values)
        list.emplace_back(value);
    m_tree[key] = std::move(list);
}

} // namespace weft
