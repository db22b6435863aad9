#include "app/cli/rank_settings.h"

namespace weft::cli {

std::vector<Option> rankSettings()
{
    return {
        {"training.distributed.update", "allReduce|parameterServer|staleSynchronous|asynchronous",
         WEFT_TEXT("cli",
                   "How gradients meet: all ranks add them up (the default); rank 0 as a server waits for a whole batch; it lets no worker get far "
                   "ahead; it takes each gradient as it comes.")},
        {"training.distributed.batch", "global|perRank",
         WEFT_TEXT("cli",
                   "Who has training.batchSize samples a step: all ranks together (the default), which gives the losses of one process, or each "
                   "of them.")},
        {"training.distributed.learningRateScaling", "linear|none",
         WEFT_TEXT("cli", "With a batch for each rank: the learning rate grows with the number of ranks (the default), or stays.")},
        {"training.distributed.warmupEpochs", "N",
         WEFT_TEXT("cli", "Epochs in which the learning rate grows from that of one rank to the scaled one; 5 is the default.")},
        {"training.distributed.synchronisedBatchNorm", "true|false",
         WEFT_TEXT("cli", "Takes the statistics of BatchNorm over the samples of all ranks.")},
        {"training.distributed.stalenessBound", "N",
         WEFT_TEXT("cli", "staleSynchronous: batches that a worker may be ahead of the slowest; 3 is the default.")},
        {"training.distributed.backupWorkers", "N",
         WEFT_TEXT("cli", "parameterServer: workers that take over the part of a slow one; 0 is the default.")},
        {"training.distributed.servers", "N",
         WEFT_TEXT("cli", "Ranks, from 0 on, that share the weights as parameter servers and compute no gradients; 1 is the default.")},
        {"training.distributed.rateByStaleness", "true|false",
         WEFT_TEXT("cli", "A gradient of weights that have changed k times since counts 1 / k.")},
        {"training.distributed.delayCompensation", "NUMBER",
         WEFT_TEXT("cli",
                   "staleSynchronous and asynchronous: corrects a stale gradient for what the weights have changed since, with this factor (λ of "
                   "arXiv 1609.08326, such as 0.04); 0 (the default) does not.")},
        {"training.distributed.shuffle", "global|perRank",
         WEFT_TEXT("cli",
                   "What each epoch shuffles: all samples (the default), so that a rank may read any of them, or those of each rank, which stay "
                   "with it: then a host needs only its part of the data.")},
        {"training.distributed.bucketMegabytes", "N",
         WEFT_TEXT("cli", "Megabytes of gradients that are sent together, beside the backward pass; 4 is the default.")},
        {"training.distributed.compression", "none|float16|bfloat16|topK",
         WEFT_TEXT("cli",
                   "float16 and bfloat16 send gradients in 16 bits, which halves what goes through the network and rounds them; topK sends the "
                   "largest numbers of each alone, for slow networks; none is the default.")},
        {"training.distributed.topKPercent", "NUMBER",
         WEFT_TEXT("cli", "topK: so many percent of each gradient go out, the rest is added to the next one; 1 is the default.")},
    };
}

} // namespace weft::cli
