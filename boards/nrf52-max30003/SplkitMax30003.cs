// A MAX30003 (data sheet 19-100144 Rev 3) with a recording at its inputs, as far as the driver goes: registers over SPI, a FIFO
// of 32 words that fills at the rate of CNFG_GEN and CNFG_ECG, its interrupt, its overflow, electrodes that come off. Compiled by
// Renode at run time.
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
            samplesOff = 0;
            held = 0;
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

        // Monitor: `spim1.max30003 Electrode "P" 60`: MOhm between an input and the body.
        public void Electrode(string input, uint megohm)
        {
            megohms[input == "P" ? 0 : 1] = megohm;
        }

        public GPIO IRQ { get; private set; }

        // Samples taken so far.
        public int Position { get { return recording.Position; } }

        private byte Answer(int at)
        {
            var address = command >> 1;
            if(at % WordBytes == 0)
            {
                word = address == Burst ? NextWord() : address == Status ? TakeStatus() : registers[address];
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
            Require((registers[ConfigureGeneral] >> 6 & 0xFF) == LeadOffBy10Nanoamperes300Millivolts, "CNFG_GEN does not find an electrode that is off by 10 nA and 0.3 V");
            Require((registers[EnableInterrupts] & LeadOffInterrupt) == 0, "EN_INT lets an electrode that is off hold INTB low");
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

        // Millivolts between an input and its common mode: the current flows through electrode and bias side by side.
        private double Millivolts(int input)
        {
            var nanoamperes = new double[] { 0, 5, 10, 20, 50, 100, 0, 0 }[registers[ConfigureGeneral] >> 8 & 7];
            return nanoamperes * BiasMegohm * megohms[input] / (BiasMegohm + megohms[input]);
        }

        // ECGP is pulled up, ECGN down.
        private uint LeadOffBits()
        {
            if((registers[ConfigureGeneral] >> 12 & 3) != 1)
            {
                return 0;
            }
            var limit = new double[] { 300, 400, 450, 500 }[registers[ConfigureGeneral] >> 6 & 3];
            return (Millivolts(0) > limit ? LeadOffPositiveHigh : 0) | (Millivolts(1) > limit ? LeadOffNegativeLow : 0);
        }

        // What lasts for longer than 115 ms is said, and held until STATUS is read.
        private void NoteElectrodes()
        {
            var bits = LeadOffBits();
            if(bits == 0)
            {
                samplesOff = 0;
            }
            else if(samplesOff++ > hz * OffMilliseconds / 1000)
            {
                held |= LeadOffInterrupt | bits;
            }
        }

        private uint TakeStatus()
        {
            NoteElectrodes();
            var status = held | (IsDue() ? FifoInterrupt : 0);
            held = 0;
            return status;
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
            NoteElectrodes();
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

        private bool IsDue()
        {
            var threshold = (int)(registers[ManageInterrupts] >> 19) + 1;
            return (registers[EnableInterrupts] & FifoInterrupt) != 0 && (fifo.Count >= threshold || overflown);
        }

        // Low while there are as many samples as are asked for.
        private void UpdateInterrupt()
        {
            IRQ.Set(!IsDue());
        }

        private int run;
        private int sent;
        private bool selected;
        private byte command;
        private uint word;
        private ulong taken;
        private bool overflown;
        private uint samplesOff;
        private uint held;
        private readonly double[] megohms = new[] { 0.05, 0.05 };
        private readonly uint[] registers = new uint[128];
        private readonly Queue<short> fifo = new Queue<short>();
        private readonly SplkitRecording recording = new SplkitRecording();
        private readonly IMachine machine;
        private readonly uint hz;

        private const int Status = 0x01;
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
        private const uint LeadOffBy10Nanoamperes300Millivolts = 0x48;
        private const uint LeadOffInterrupt = 1 << 20;
        private const uint LeadOffPositiveHigh = 1 << 3;
        private const uint LeadOffNegativeLow = 1 << 0;
        private const uint FifoInterrupt = 1 << 23;
        private const uint OffMilliseconds = 115;
        private const double BiasMegohm = 100;
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
