#include <random>

#include <QtTest>

#include "core/engine/memory_plan.h"

using namespace weft;

namespace {

bool overlap(const ArenaBlock& a, const ArenaBlock& b)
{
    const bool inTime = a.first <= b.last && b.first <= a.last;
    const bool inSpace = a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
    return inTime && inSpace;
}

std::vector<ArenaBlock> randomBlocks(std::mt19937& random)
{
    std::vector<ArenaBlock> blocks(1 + random() % 60);
    for (ArenaBlock& block : blocks) {
        block.bytes = 1 + random() % 5000;
        block.first = static_cast<int>(random() % 40);
        block.last = block.first + static_cast<int>(random() % 10);
    }
    return blocks;
}

/// The most bytes in use at one step: no plan can do with less.
std::size_t leastBytes(const std::vector<ArenaBlock>& blocks)
{
    std::size_t most = 0;
    for (int step = 0; step < 50; ++step) {
        std::size_t used = 0;
        for (const ArenaBlock& block : blocks) {
            if (block.first <= step && step <= block.last)
                used += (block.bytes + 63) / 64 * 64;
        }
        most = std::max(most, used);
    }
    return most;
}

} // namespace

class MemoryPlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void blocksInUseAtTheSameStepNeverOverlap()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 300; ++round) {
            std::vector<ArenaBlock> blocks = randomBlocks(random);
            const std::size_t total = planMemory(blocks);
            for (std::size_t i = 0; i < blocks.size(); ++i) {
                QCOMPARE(blocks[i].offset % 64, std::size_t(0));
                QVERIFY(blocks[i].offset + blocks[i].bytes <= total);
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY(!overlap(blocks[i], blocks[j]));
            }
        }
    }

    void theArenaStaysCloseToWhatIsInUseAtOnce()
    {
        std::mt19937 random(11);
        double total = 0;
        double least = 0;
        for (int round = 0; round < 100; ++round) {
            std::vector<ArenaBlock> blocks = randomBlocks(random);
            total += static_cast<double>(planMemory(blocks));
            least += static_cast<double>(leastBytes(blocks));
        }
        QVERIFY2(total < 1.25 * least, qPrintable(QString::number(total / least)));
    }

    void aChainNeedsTwoBuffers()
    {
        std::vector<ArenaBlock> blocks;
        for (int i = 0; i < 20; ++i)
            blocks.push_back({1000, i, i + 1, 0});
        QCOMPARE(planMemory(blocks), std::size_t(2048));
    }

    void nothingNeedsNothing()
    {
        std::vector<ArenaBlock> none;
        QCOMPARE(planMemory(none), std::size_t(0));
    }
};

QTEST_APPLESS_MAIN(MemoryPlanTest)
#include "engine_memory_plan_test.moc"
