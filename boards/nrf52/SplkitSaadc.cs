// The SAADC of the nRF52840 (Product Specification v1.7, 6.23) with a recording at one of its inputs, or the supply, by its only
// channel: each TASKS_SAMPLE takes the next int16 of a file, about the middle of the range, as an amplifier would have it, and
// EasyDMA writes it to RAM. When the file has ended, nothing is sampled any more. Settings that would give other counts, or stop
// it (nRF52840 anomaly 212), are refused. Compiled by Renode at run time: `include @SplkitSaadc.cs`.
using System;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Utilities;

namespace Antmicro.Renode.Peripherals.Analog
{
    public class SplkitSaadc : BasicDoubleWordPeripheral, IKnownSize, INRFEventProvider
    {
        public SplkitSaadc(IMachine machine) : base(machine)
        {
            shared = new SplkitInterface(this, machine, RegistersCollection);
            SupplyMillivolts = 3500;
            shared.DefineTask(0x000, Start);
            shared.DefineTask(0x004, Sample);
            shared.DefineTask(0x008, Stop);
            shared.DefineTask(0x00C, () => shared.Raise(CalibrateDone));
            shared.DefineEvents(Started, End, Done, ResultDone, CalibrateDone, Stopped);
            DefineSettings();
        }

        // Monitor: `saadc Play @recording.i16`, little-endian.
        public void Play(ReadFilePath path)
        {
            recording.Play(path);
        }

        // A reset of the machine leaves the recording where it is: the patient goes on.
        public override void Reset()
        {
            base.Reset();
            shared.Reset();
            started = false;
            amount = 0;
        }

        // To the PPI, with the offset of the event's register.
        public event Action<uint> EventTriggered
        {
            add { shared.Raised += value; }
            remove { shared.Raised -= value; }
        }

        public GPIO IRQ { get { return shared.IRQ; } }

        public long Size { get { return 0x1000; } }

        // Samples taken so far.
        public int Position { get { return recording.Position; } }

        // What the supply is measured as.
        public int SupplyMillivolts { get; set; }

        // Of the high-voltage regulator; 0 where the chip has its supply at VDD. Monitor: `saadc VddhMillivolts 3700`.
        public int VddhMillivolts { get; set; }

        // Times that a sample was asked for while no buffer was ready.
        public int Missed { get; private set; }

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
            RegistersCollection.DefineRegister(0x5F4).WithValueField(0, 4, out oversampling, name: "OVERSAMPLE").WithReservedBits(4, 28);
            RegistersCollection.DefineRegister(0x5F8).WithValueField(0, 13, out timer, name: "SAMPLERATE").WithReservedBits(13, 19);
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
            shared.Require(inputs[0].Value == Electrodes || inputs[0].Value == Supply || inputs[0].Value == FifthOfVddh && VddhMillivolts > 0,
                "channel 0 is at no input of the board");
            shared.Require(configurations[0].Value == GainSixth10Microseconds, "CONFIG is not gain 1/6 of 0.6 V, 10 us, single-ended");
            shared.Require(resolution.Value == FourteenBits, "RESOLUTION is not 14 bits");
            shared.Require(SplkitInterface.InRam(pointer.Value, sizeof(short) * maximum.Value), "RESULT is not in RAM");
            shared.Require(oversampling.Value == 0 && timer.Value == 0, "samples are averaged, or asked for by the SAADC's own timer");
            for(var channel = 1; channel < ChannelCount; channel++)
            {
                shared.Require(inputs[channel].Value == 0, "several channels");
            }
            // RESULT.PTR and RESULT.MAXCNT are double-buffered: they may be written anew from here on.
            bufferAddress = pointer.Value;
            bufferSize = maximum.Value;
            amount = 0;
            started = true;
            shared.Raise(Started);
        }

        private void Sample()
        {
            if(inputs[0].Value != Electrodes)
            {
                var millivolts = inputs[0].Value == Supply ? SupplyMillivolts : VddhMillivolts / 5;
                Put((short)(millivolts * FullScaleCounts / FullScaleMillivolts));
                return;
            }
            if(recording.HasEnded)
            {
                return;
            }
            var value = recording.Next();
            if(!started)
            {
                Missed++;
                this.Log(LogLevel.Error, "TASKS_SAMPLE without a buffer: a sample is lost");
                return;
            }
            Put((short)Math.Max(0, Math.Min(FullScaleCounts - 1, value + FullScaleCounts / 2)));
        }

        private void Put(short value)
        {
            sysbus.WriteWord(bufferAddress + sizeof(short) * amount, (ushort)value, this);
            amount++;
            shared.Raise(Done);
            shared.Raise(ResultDone);
            if(amount == bufferSize)
            {
                started = false;
                shared.Raise(End);
            }
        }

        private void Stop()
        {
            started = false;
            shared.Raise(Stopped);
        }

        private bool started;
        private ulong amount;
        private ulong bufferAddress;
        private ulong bufferSize;
        private readonly SplkitInterface shared;
        private readonly SplkitRecording recording = new SplkitRecording();
        private IFlagRegisterField enabled;
        private IValueRegisterField pointer;
        private readonly IValueRegisterField[] inputs = new IValueRegisterField[ChannelCount];
        private readonly IValueRegisterField[] configurations = new IValueRegisterField[ChannelCount];
        private IValueRegisterField maximum;
        private IValueRegisterField resolution;
        private IValueRegisterField oversampling;
        private IValueRegisterField timer;

        private const int ChannelCount = 8;
        private const ulong Electrodes = 1; // PSELP's value for AIN0
        private const ulong GainSixth10Microseconds = 2 << 16;
        private const ulong FourteenBits = 3;
        private const ulong Supply = 9; // PSELP's value for VDD
        private const ulong FifthOfVddh = 13;
        private const int FullScaleCounts = 1 << 14;
        private const int FullScaleMillivolts = 3600;

        // Events by number.
        private const int Started = 0;
        private const int End = 1;
        private const int Done = 2;
        private const int ResultDone = 3;
        private const int CalibrateDone = 4;
        private const int Stopped = 5;
    }
}
