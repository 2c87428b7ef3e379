// The pages of the nRF52840's flash that hold settings. They outlive every reset. Compiled by Renode at run time.
using System;
using System.Collections.Generic;

using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.MTD
{
    public class SplkitFlashPages : IDoubleWordPeripheral, IKnownSize
    {
        public SplkitFlashPages(uint address, int count)
        {
            this.address = address;
            words = new uint[count * PageBytes / 4];
            erasedMilliseconds = new int[count];
            for(var word = 0; word < words.Length; word++)
            {
                words[word] = Erased;
            }
        }

        public uint ReadDoubleWord(long offset)
        {
            return words[offset / 4];
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            if(Written == null)
            {
                this.Log(LogLevel.Error, "refused: a write to 0x{0:X} of the settings without an NVMC", offset);
                return;
            }
            Written(offset, value);
        }

        public void Reset()
        {
        }

        public void ClearBits(long offset, uint value)
        {
            words[offset / 4] &= value;
            erasedMilliseconds[offset / PageBytes] = 0;
        }

        // Before 85 ms of it any bit may be set, or not yet; the last ones hold out until then.
        public void ErasePart(uint at, int milliseconds, Func<uint> noise)
        {
            var page = (at - address) / PageBytes;
            erasedMilliseconds[page] += milliseconds;
            var done = erasedMilliseconds[page] >= PageMilliseconds;
            for(var word = page * PageBytes / 4; word < (page + 1) * PageBytes / 4; word++)
            {
                words[word] |= done ? Erased : noise() & ~LastBits;
            }
        }

        public long Size { get { return words.Length * 4; } }

        public event Action<long, uint> Written;

        private readonly uint address;
        private readonly uint[] words;
        private readonly int[] erasedMilliseconds;

        private const int PageBytes = 4096;
        private const int PageMilliseconds = 85;
        private const uint Erased = 0xFFFFFFFF;
        private const uint LastBits = 0x11111111;
    }
}
