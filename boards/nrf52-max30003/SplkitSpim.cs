// SPIM1 of the nRF52840 (Product Specification v1.7, 6.25) with one chip at its end: EasyDMA both ways at once, in the time that
// the bits take. What SPIM1, or the chip, is not for is refused; Renode's own has no pins, rate or mode, and takes no time.
// Compiled by Renode at run time.
using System;
using System.Collections.Generic;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.SPI
{
    public class SplkitSpim : NullRegistrationPointPeripheralContainer<ISPIPeripheral>, IDoubleWordPeripheral, IKnownSize
    {
        public SplkitSpim(IMachine machine, uint sckPin, uint mosiPin, uint misoPin) : base(machine)
        {
            pins = new[] { sckPin, mosiPin, misoPin };
            registers = new DoubleWordRegisterCollection(this);
            shared = new SplkitInterface(this, machine, registers);
            shared.DefineTask(0x010, Start);
            shared.DefineEvents(End);
            registers.DefineRegister(0x500).WithValueField(0, 4, out enable, name: "ENABLE").WithReservedBits(4, 28);
            for(var pin = 0; pin < pins.Length; pin++)
            {
                registers.DefineRegister(0x508 + 4 * pin, Disconnected).WithValueField(0, 32, out chosen[pin], name: "PSEL");
            }
            registers.DefineRegister(0x524, 0x04000000).WithValueField(0, 32, out frequency, name: "FREQUENCY");
            registers.DefineRegister(0x534).WithValueField(0, 32, out receivePointer, name: "RXD.PTR");
            registers.DefineRegister(0x538).WithValueField(0, 16, out receiveMaximum, name: "RXD.MAXCNT").WithReservedBits(16, 16);
            registers.DefineRegister(0x544).WithValueField(0, 32, out sendPointer, name: "TXD.PTR");
            registers.DefineRegister(0x548).WithValueField(0, 16, out sendMaximum, name: "TXD.MAXCNT").WithReservedBits(16, 16);
            registers.DefineRegister(0x554).WithValueField(0, 3, out config, name: "CONFIG").WithReservedBits(3, 29);
        }

        public override void Reset()
        {
            registers.Reset();
            shared.Reset();
        }

        public uint ReadDoubleWord(long offset)
        {
            return registers.Read(offset);
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            registers.Write(offset, value);
        }

        public GPIO IRQ { get { return shared.IRQ; } }

        public long Size { get { return 0x1000; } }

        private void Start()
        {
            uint kilohertz;
            shared.Require(enable.Value == Enabled, "the SPIM is not enabled");
            for(var pin = 0; pin < pins.Length; pin++)
            {
                shared.Require(chosen[pin].Value == pins[pin], "PSEL is not the board's pin");
                shared.Require(IsOutput(pins[pin]) == (pin != Miso), "a pin has the wrong direction");
            }
            shared.Require(Rates.TryGetValue((uint)frequency.Value, out kilohertz), "FREQUENCY is none of SPIM1's");
            shared.Require(config.Value == 0, "CONFIG is not the most significant bit first, sampled at a leading edge that rises");
            shared.Require(SplkitInterface.InRam(sendPointer.Value, sendMaximum.Value), "TXD is not in RAM");
            shared.Require(SplkitInterface.InRam(receivePointer.Value, receiveMaximum.Value), "RXD is not in RAM");
            shared.Require(sendMaximum.Value == receiveMaximum.Value, "as much is to be received as is sent");
            var bytes = Machine.GetSystemBus(this).ReadBytes(sendPointer.Value, (int)sendMaximum.Value);
            var onWire = TimeInterval.FromMicroseconds((ulong)bytes.Length * 8000 / Math.Max(kilohertz, 125));
            shared.After(onWire, () => Exchange(bytes));
        }

        // PIN_CNF.DIR
        private bool IsOutput(uint pin)
        {
            return (Machine.GetSystemBus(this).ReadDoubleWord(FirstPinConfiguration + PortDistance * (pin / 32) + 4 * (pin % 32)) & 1) != 0;
        }

        private void Exchange(byte[] bytes)
        {
            for(var at = 0; at < bytes.Length; at++)
            {
                bytes[at] = RegisteredPeripheral.Transmit(bytes[at]);
            }
            RegisteredPeripheral.FinishTransmission();
            Machine.GetSystemBus(this).WriteBytes(bytes, receivePointer.Value);
            shared.Raise(End);
        }

        private readonly uint[] pins;
        private readonly DoubleWordRegisterCollection registers;
        private readonly SplkitInterface shared;
        private readonly IValueRegisterField enable;
        private readonly IValueRegisterField[] chosen = new IValueRegisterField[3];
        private readonly IValueRegisterField frequency;
        private readonly IValueRegisterField receivePointer;
        private readonly IValueRegisterField receiveMaximum;
        private readonly IValueRegisterField sendPointer;
        private readonly IValueRegisterField sendMaximum;
        private readonly IValueRegisterField config;

        private static readonly Dictionary<uint, uint> Rates = new Dictionary<uint, uint>
        {
            { 0x02000000, 125 }, { 0x04000000, 250 }, { 0x08000000, 500 }, { 0x10000000, 1000 },
            { 0x20000000, 2000 }, { 0x40000000, 4000 }, { 0x80000000, 8000 },
        };

        private const int End = 6;
        private const int Miso = 2;
        private const ulong FirstPinConfiguration = 0x50000700;
        private const ulong PortDistance = 0x300;
        private const ulong Enabled = 7;
        private const uint Disconnected = 0xFFFFFFFF;
    }
}
