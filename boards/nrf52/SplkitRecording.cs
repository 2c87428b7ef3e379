// A patient's ECG, at the inputs of a converter: the next sample of a file whenever one is taken, until it ends. Compiled by
// Renode at run time, before the converters.
using System;
using System.IO;

using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Utilities;

namespace Antmicro.Renode.Peripherals.Miscellaneous
{
    public class SplkitRecording
    {
        // Samples of int16, little-endian.
        public void Play(ReadFilePath path)
        {
            var bytes = File.ReadAllBytes(path);
            if(bytes.Length % sizeof(short) != 0)
            {
                throw new RecoverableException("a recording is a sequence of int16, this one has an odd number of bytes");
            }
            samples = new short[bytes.Length / sizeof(short)];
            Buffer.BlockCopy(bytes, 0, samples, 0, bytes.Length);
            Position = 0;
        }

        public short Next()
        {
            return samples[Position++];
        }

        public bool HasEnded { get { return Position == samples.Length; } }

        // Samples taken so far.
        public int Position { get; private set; }

        private short[] samples = new short[0];
    }
}
