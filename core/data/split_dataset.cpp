#include "core/data/split_dataset.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/error.h"

namespace weft {

namespace {

std::int64_t amount(const SplitRule& rule, std::int64_t count)
{
    if (rule.isLast)
        return rule.count;
    if (rule.fraction <= 0)
        return 0;
    const auto wanted = static_cast<std::int64_t>(std::llround(rule.fraction * static_cast<double>(count)));
    return count >= 3 ? std::max<std::int64_t>(wanted, 1) : wanted;
}

bool isInteger(const std::string& text)
{
    const std::size_t start = !text.empty() && text[0] == '-' ? 1 : 0;
    return text.size() > start && text.size() <= 18
        && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(start), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The samples of a fold: those of each class, in the order drawn, are dealt out to the folds in turn.
std::vector<std::int64_t> foldSamples(const std::vector<std::int64_t>& order, const SplitRule& rule, std::span<const std::int32_t> labels)
{
    std::map<std::int32_t, std::vector<std::int64_t>> byClass;
    for (const std::int64_t sample : order)
        byClass[labels.empty() ? 0 : labels[static_cast<std::size_t>(sample)]].push_back(sample);
    std::vector<std::int64_t> drawn;
    std::int64_t dealt = 0;
    for (const auto& [label, samples] : byClass) {
        for (const std::int64_t sample : samples) {
            if (dealt++ % rule.folds == rule.fold)
                drawn.push_back(sample);
        }
    }
    return drawn;
}

} // namespace

SplitIndices splitSamples(std::int64_t count, const SplitRule& validation, const SplitRule& test, std::uint64_t seed,
                          std::span<const std::int32_t> labels)
{
    std::vector<std::int64_t> order = epochOrder(count, true, seed, 0);
    const bool hasFolds = test.folds > 0;
    if (hasFolds && test.folds > count)
        throw Error(WEFT_TEXT("Data", "%1 samples do not make %2 folds. Lower the data setting \"folds\"."), count, test.folds);
    const std::vector<std::int64_t> fold = hasFolds ? foldSamples(order, test, labels) : std::vector<std::int64_t>();
    const std::int64_t testCount = hasFolds ? static_cast<std::int64_t>(fold.size()) : amount(test, count);
    const std::int64_t validationCount = amount(validation, hasFolds ? count - testCount : count);
    if (testCount + validationCount >= count)
        throw Error(WEFT_TEXT("Data", "Of %1 samples, %2 are set aside for validation and %3 for testing: none is left to train on."), count,
                    validationCount, testCount);
    // Drawn places first, so that "the last n" means the last of those that are not drawn.
    std::vector<Split> place(static_cast<std::size_t>(count), Split::Train);
    for (const std::int64_t sample : fold)
        place[static_cast<std::size_t>(sample)] = Split::Test;
    std::erase_if(order, [&](std::int64_t sample) { return place[static_cast<std::size_t>(sample)] == Split::Test; });
    std::size_t drawn = 0;
    const auto draw = [&](const SplitRule& rule, std::int64_t n, Split split) {
        for (std::int64_t i = 0; i < n && !rule.isLast; ++i)
            place[static_cast<std::size_t>(order[drawn++])] = split;
    };
    if (!hasFolds)
        draw(test, testCount, Split::Test);
    draw(validation, validationCount, Split::Validation);
    std::size_t end = place.size();
    const auto takeLast = [&](const SplitRule& rule, std::int64_t n, Split split) {
        while (rule.isLast && n > 0) {
            if (place[--end] == Split::Train) {
                place[end] = split;
                --n;
            }
        }
    };
    takeLast(test, testCount, Split::Test);
    takeLast(validation, validationCount, Split::Validation);

    SplitIndices indices;
    for (std::int64_t i = 0; i < count; ++i)
        indices[static_cast<std::size_t>(place[static_cast<std::size_t>(i)])].push_back(i);
    return indices;
}

void SplitDataset::addColumn(std::string name, DType dtype, Extents shape, bool isLabel)
{
    m_columns.push_back({std::move(name), dtype, std::move(shape), isLabel});
}

void SplitDataset::checkClasses(const std::string& where) const
{
    if (m_classNames.size() == 1)
        throw Error(WEFT_TEXT("Data", "%1 holds a single class, \"%2\": there is nothing to tell apart. Add samples of a second class."), where,
                    m_classNames[0]);
}

void sortClassNames(std::vector<std::string>& names)
{
    if (std::all_of(names.begin(), names.end(), isInteger))
        std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) { return std::stoll(a) < std::stoll(b); });
    else
        std::sort(names.begin(), names.end());
}

} // namespace weft
