import { peakMemory } from "./peak-memory.ts";

// A process that does nothing: what is more than its memory, the storm has taken.

process.stdout.write(JSON.stringify({ peakBytes: peakMemory() }));
