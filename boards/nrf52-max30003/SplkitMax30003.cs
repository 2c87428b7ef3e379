// A MAX30003 (data sheet 19-100144 Rev 3) with a recording at its inputs, as far as the driver goes: registers over SPI, a FIFO
// of 32 words that fills at the rate of CNFG_GEN and CNFG_ECG, its interrupt, its overflow. Compiled by Renode at run time.
using System;
using System.Collections.Generic;

using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Peripherals.SPI;
using Antmicro.Renode.Time;
using Antmicro.Renode.Utilities;

namespace Antmicro.Renode.Peripherals.Sensors
{
    public class SplkitMax30003 : ISPIPeripheral, IGPIOReceiver
    {
        public SplkitMax30003(IMachine machine, uint hz)
        {
            this.hz = hz;
            this.machine = machine;
            IRQ = new GPIO();
            Reset();
        }

        // Monitor: `spim1.max30003 Play @recording.i16`. A sample's 16 bits are the upper ones of 18.
        public void Play(ReadFilePath path)
        {
            recording.Play(path);
        }

        public void Reset()
        {
            Array.Clear(registers, 0, registers.Length);
            registers[ConfigureEcg] = DefaultEcg;
            fifo.Clear();
            overflown = false;
            run++;
            taken = 0;
            sent = 0;
            UpdateInterrupt();
        }

        // The chip select, low while the chip is meant: an exchange begins when it falls.
        public void OnGPIO(int number, bool value)
        {
            selected = !value;
            sent = 0;
        }

        public byte Transmit(byte data)
        {
            if(!selected)
            {
                this.Log(LogLevel.Error, "refused: an exchange while CS is high");
                return 0;
            }
            var at = sent++;
            if(at == 0)
            {
                command = data;
                return 0;
            }
            return (command & Read) != 0 ? Answer(at - 1) : Take(at - 1, data);
        }

        public void FinishTransmission()
        {
        }

        public GPIO IRQ { get; private set; }

        // Samples taken so far.
        public int Position { get { return recording.Position; } }

        private byte Answer(int at)
        {
            var address = command >> 1;
            if(at % WordBytes == 0)
            {
                word = address == Burst ? NextWord() : registers[address];
            }
            return (byte)(word >> (8 * (WordBytes - 1 - at % WordBytes)));
        }

        private byte Take(int at, byte data)
        {
            word = (word << 8 | data) & 0xFFFFFF;
            if(at == WordBytes - 1)
            {
                Write(command >> 1, word);
            }
            return 0;
        }

        private void Write(int address, uint value)
        {
            registers[address] = value;
            switch(address)
            {
            case SoftwareReset:
                Reset();
                break;
            case Synchronize:
                CheckSettings();
                run++;
                taken = 0;
                fifo.Clear();
                Schedule();
                break;
            case FifoReset:
                fifo.Clear();
                overflown = false;
                break;
            }
            UpdateInterrupt();
        }

        // What other counts, or none, would come of.
        private void CheckSettings()
        {
            Require(Rate() == hz, "CNFG_GEN and CNFG_ECG are of another rate than the board's, or the ECG is off");
            Require((registers[ConfigureGeneral] & 0x3F) == BothInputsBiased, "CNFG_GEN does not bias both inputs by 100 MOhm");
            Require(registers[ConfigureInputs] == 0, "CNFG_EMUX does not connect both inputs as they are");
            Require((registers[ConfigureEcg] >> 16 & 3) == 0, "CNFG_ECG is no gain of 20");
            Require((registers[EnableInterrupts] & 3) == DrivenBothWays, "EN_INT makes INTB an output that wants a pull-up");
        }

        private void Require(bool holds, string otherwise)
        {
            if(!holds)
            {
                this.Log(LogLevel.Error, "refused: {0}", otherwise);
            }
        }

        private uint NextWord()
        {
            if(overflown)
            {
                return TagOverflow << 3;
            }
            if(fifo.Count == 0)
            {
                return TagEmpty << 3;
            }
            var value = (uint)(ushort)fifo.Dequeue() << 8;
            UpdateInterrupt();
            return value | (fifo.Count == 0 ? TagLast : TagValid) << 3;
        }

        // The sample's time is counted from the start, so that no rounding adds up.
        private void Schedule()
        {
            var asked = run;
            var until = (taken + 1) * TimeInterval.TicksPerSecond / hz - taken * TimeInterval.TicksPerSecond / hz;
            machine.ScheduleAction(TimeInterval.FromTicks(until), _ => { if(run == asked) { Sample(); } });
        }

        private void Sample()
        {
            taken++;
            if(!recording.HasEnded)
            {
                var sample = recording.Next();
                if(fifo.Count == FifoSize)
                {
                    overflown = true;
                }
                else
                {
                    fifo.Enqueue(sample);
                }
                Schedule();
            }
            UpdateInterrupt();
        }

        private ulong Rate()
        {
            var clock = (registers[ConfigureGeneral] >> 20) & 3;
            var choice = (int)(registers[ConfigureEcg] >> 22);
            var isOn = (registers[ConfigureGeneral] & (1 << 19)) != 0;
            var rates = new[] { new ulong[] { 512, 256, 128, 0 }, new ulong[] { 500, 250, 125, 0 }, new ulong[] { 0, 0, 200, 0 }, new ulong[] { 0, 0, 0, 0 } };
            return isOn ? rates[clock][choice] : 0;
        }

        // Low while there are as many samples as are asked for.
        private void UpdateInterrupt()
        {
            var threshold = (int)(registers[ManageInterrupts] >> 19) + 1;
            var isDue = (registers[EnableInterrupts] & (1 << 23)) != 0 && (fifo.Count >= threshold || overflown);
            IRQ.Set(!isDue);
        }

        private int run;
        private int sent;
        private bool selected;
        private byte command;
        private uint word;
        private ulong taken;
        private bool overflown;
        private readonly uint[] registers = new uint[128];
        private readonly Queue<short> fifo = new Queue<short>();
        private readonly SplkitRecording recording = new SplkitRecording();
        private readonly IMachine machine;
        private readonly uint hz;

        private const int EnableInterrupts = 0x02;
        private const int ManageInterrupts = 0x04;
        private const int SoftwareReset = 0x08;
        private const int Synchronize = 0x09;
        private const int FifoReset = 0x0A;
        private const int ConfigureGeneral = 0x10;
        private const int ConfigureInputs = 0x14;
        private const int ConfigureEcg = 0x15;
        private const int Burst = 0x20;
        private const uint DefaultEcg = 0x805000;
        private const uint BothInputsBiased = 0x17;
        private const uint DrivenBothWays = 1;
        private const int Read = 1;
        private const int WordBytes = 3;
        private const int FifoSize = 32;
        private const uint TagValid = 0;
        private const uint TagLast = 2;
        private const uint TagEmpty = 6;
        private const uint TagOverflow = 7;
    }
}
