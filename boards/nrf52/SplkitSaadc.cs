// The SAADC of the nRF52840 (Product Specification v1.7, 6.23) with a recording at one of its inputs, or the supply, by its only
// channel: each TASKS_SAMPLE takes the next int16 of a file, about the middle of the range, as an amplifier would have it, and
// EasyDMA writes it to RAM. When the file has ended, nothing is sampled any more. Settings that would give other counts, or stop
// it (nRF52840 anomaly 212), are refused. Compiled by Renode at run time: `include @SplkitSaadc.cs`.
using System;
using System.IO;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Utilities;

namespace Antmicro.Renode.Peripherals.Analog
{
    public class SplkitSaadc : BasicDoubleWordPeripheral, IKnownSize, INRFEventProvider
    {
        public SplkitSaadc(IMachine machine) : base(machine)
        {
            IRQ = new GPIO();
            recording = new short[0];
            SupplyMillivolts = 3500;
            DefineTasks();
            DefineEvents();
            DefineSettings();
        }

        // Monitor: `saadc Play @recording.i16`, little-endian.
        public void Play(ReadFilePath path)
        {
            var bytes = File.ReadAllBytes(path);
            if(bytes.Length % sizeof(short) != 0)
            {
                throw new RecoverableException("a recording is a sequence of int16, this one has an odd number of bytes");
            }
            recording = new short[bytes.Length / sizeof(short)];
            Buffer.BlockCopy(bytes, 0, recording, 0, bytes.Length);
            Position = 0;
        }

        // A reset of the machine leaves the recording where it is: the patient goes on.
        public override void Reset()
        {
            base.Reset();
            events = 0;
            interrupts = 0;
            started = false;
            amount = 0;
            IRQ.Unset();
        }

        // To the PPI, with the offset of the event's register.
        public event Action<uint> EventTriggered;

        public GPIO IRQ { get; private set; }

        public long Size { get { return 0x1000; } }

        // Samples taken so far.
        public int Position { get; private set; }

        // What the supply is measured as.
        public int SupplyMillivolts { get; set; }

        // Times that a sample was asked for while no buffer was ready.
        public int Missed { get; private set; }

        private void DefineTasks()
        {
            DefineTask(0x000, Start);
            DefineTask(0x004, Sample);
            DefineTask(0x008, Stop);
            DefineTask(0x00C, () => Raise(CalibrateDone));
        }

        private void DefineTask(long offset, Action action)
        {
            RegistersCollection.DefineRegister(offset)
                .WithFlag(0, FieldMode.Write, writeCallback: (_, value) => { if(value) { action(); } })
                .WithReservedBits(1, 31);
        }

        private void DefineEvents()
        {
            for(var number = 0; number < EventCount; number++)
            {
                var bit = 1u << number;
                RegistersCollection.DefineRegister(FirstEvent + 4 * number)
                    .WithFlag(0, valueProviderCallback: _ => (events & bit) != 0,
                        writeCallback: (_, value) => { events = value ? events | bit : events & ~bit; Update(); })
                    .WithReservedBits(1, 31);
            }
            DefineInterrupts(0x300, value => value);
            DefineInterrupts(0x304, value => interrupts | value);
            DefineInterrupts(0x308, value => interrupts & ~value);
        }

        private void DefineInterrupts(long offset, Func<uint, uint> change)
        {
            RegistersCollection.DefineRegister(offset)
                .WithValueField(0, 32, valueProviderCallback: _ => interrupts,
                    writeCallback: (_, value) => { interrupts = change((uint)value); Update(); });
        }

        private void DefineSettings()
        {
            RegistersCollection.DefineRegister(0x400).WithFlag(0, FieldMode.Read, name: "BUSY").WithReservedBits(1, 31);
            RegistersCollection.DefineRegister(0x500).WithFlag(0, out enabled, name: "ENABLE").WithReservedBits(1, 31);
            for(var channel = 0; channel < ChannelCount; channel++)
            {
                var offset = 0x510 + 0x10 * channel;
                RegistersCollection.DefineRegister(offset).WithValueField(0, 5, out inputs[channel], name: "PSELP").WithReservedBits(5, 27);
                RegistersCollection.DefineRegister(offset + 0x4).WithValueField(0, 5, name: "PSELN").WithReservedBits(5, 27);
                RegistersCollection.DefineRegister(offset + 0x8, 0x00020000).WithValueField(0, 32, out configurations[channel], name: "CONFIG");
                RegistersCollection.DefineRegister(offset + 0xC, 0x7FFF8000).WithValueField(0, 32, name: "LIMIT");
            }
            RegistersCollection.DefineRegister(0x5F0, 1).WithValueField(0, 3, out resolution, name: "RESOLUTION").WithReservedBits(3, 29);
            RegistersCollection.DefineRegister(0x5F4).WithValueField(0, 4, name: "OVERSAMPLE").WithReservedBits(4, 28);
            RegistersCollection.DefineRegister(0x5F8).WithValueField(0, 13, name: "SAMPLERATE").WithReservedBits(13, 19);
            RegistersCollection.DefineRegister(0x62C).WithValueField(0, 32, out pointer, name: "RESULT.PTR");
            RegistersCollection.DefineRegister(0x630).WithValueField(0, 15, out maximum, name: "RESULT.MAXCNT").WithReservedBits(15, 17);
            RegistersCollection.DefineRegister(0x634)
                .WithValueField(0, 15, FieldMode.Read, valueProviderCallback: _ => amount, name: "RESULT.AMOUNT")
                .WithReservedBits(15, 17);
        }

        private void Start()
        {
            if(!enabled.Value)
            {
                this.Log(LogLevel.Error, "refused: TASKS_START while ENABLE is 0");
                return;
            }
            Require(inputs[0].Value == Electrodes || inputs[0].Value == Supply, "channel 0 is at no input of the board");
            Require(configurations[0].Value == GainSixth10Microseconds, "CONFIG is not gain 1/6 of 0.6 V, 10 us, single-ended");
            Require(resolution.Value == FourteenBits, "RESOLUTION is not 14 bits");
            Require(pointer.Value >= RamAddress && pointer.Value < RamAddress + RamBytes && maximum.Value > 0, "RESULT is not in RAM");
            for(var channel = 1; channel < ChannelCount; channel++)
            {
                Require(inputs[channel].Value == 0, "several channels");
            }
            // RESULT.PTR and RESULT.MAXCNT are double-buffered: they may be written anew from here on.
            bufferAddress = pointer.Value;
            bufferSize = maximum.Value;
            amount = 0;
            started = true;
            Raise(Started);
        }

        private void Sample()
        {
            if(inputs[0].Value == Supply)
            {
                Put((short)(SupplyMillivolts * FullScaleCounts / FullScaleMillivolts));
                return;
            }
            if(Position == recording.Length)
            {
                return;
            }
            var value = recording[Position];
            Position++;
            if(!started)
            {
                Missed++;
                this.Log(LogLevel.Error, "TASKS_SAMPLE without a buffer: a sample is lost");
                return;
            }
            Put((short)Math.Max(0, Math.Min(FullScaleCounts - 1, value + FullScaleCounts / 2)));
        }

        private void Require(bool holds, string otherwise)
        {
            if(!holds)
            {
                this.Log(LogLevel.Error, "refused: {0}", otherwise);
            }
        }

        private void Put(short value)
        {
            sysbus.WriteWord(bufferAddress + sizeof(short) * amount, (ushort)value, this);
            amount++;
            Raise(Done);
            Raise(ResultDone);
            if(amount == bufferSize)
            {
                started = false;
                Raise(End);
            }
        }

        private void Stop()
        {
            started = false;
            Raise(Stopped);
        }

        private void Raise(int number)
        {
            events |= 1u << number;
            Update();
            if(EventTriggered != null)
            {
                EventTriggered((uint)(FirstEvent + 4 * number));
            }
        }

        private void Update()
        {
            IRQ.Set((events & interrupts) != 0);
        }

        private short[] recording;
        private uint events;
        private uint interrupts;
        private bool started;
        private ulong amount;
        private ulong bufferAddress;
        private ulong bufferSize;
        private IFlagRegisterField enabled;
        private IValueRegisterField pointer;
        private readonly IValueRegisterField[] inputs = new IValueRegisterField[ChannelCount];
        private readonly IValueRegisterField[] configurations = new IValueRegisterField[ChannelCount];
        private IValueRegisterField maximum;
        private IValueRegisterField resolution;

        private const long FirstEvent = 0x100;
        private const int EventCount = 6;
        private const int ChannelCount = 8;
        private const ulong Electrodes = 1; // PSELP's value for AIN0
        private const ulong GainSixth10Microseconds = 2 << 16;
        private const ulong FourteenBits = 3;
        private const ulong RamAddress = 0x20000000;
        private const ulong RamBytes = 0x40000;
        private const ulong Supply = 9; // PSELP's value for VDD
        private const int FullScaleCounts = 1 << 14;
        private const int FullScaleMillivolts = 3600;

        // Events by number: an event's register is FirstEvent + 4 * number, its interrupt's bit is its number.
        private const int Started = 0;
        private const int End = 1;
        private const int Done = 2;
        private const int ResultDone = 3;
        private const int CalibrateDone = 4;
        private const int Stopped = 5;
    }
}
