// UARTE0 of the nRF52840 (Product Specification v1.7, 6.34): EasyDMA both ways in the time that the baud rate takes, the
// receiver's FIFO, and errors. What it is not set up for is refused. Renode's own sends in no time. Compiled by Renode at run time.
using System.Collections.Generic;
using System;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.GPIOPort;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.UART
{
    public class SplkitUarte : UARTBase, IDoubleWordPeripheral, IKnownSize
    {
        public SplkitUarte(IMachine machine, SplkitPower power, NRF52840_GPIO pins, int txPin, int rxPin) : base(machine)
        {
            this.power = power;
            this.pins = pins.Pins;
            this.txPin = txPin;
            this.rxPin = rxPin;
            sysbus = machine.GetSystemBus(this);
            registers = new DoubleWordRegisterCollection(this);
            shared = new SplkitInterface(this, machine, registers);
            shared.DefineTask(0x000, StartReceiving);
            shared.DefineTask(0x004, StopReceiving);
            shared.DefineTask(0x008, StartSending);
            shared.DefineTask(0x00C, () => shared.Raise(TxStopped));
            shared.DefineEvents(EndRx, EndTx, Error, RxTimeout, TxStopped);
            registers.DefineRegister(0x480)
                .WithValueField(0, 32, valueProviderCallback: _ => errors, writeCallback: (_, value) => errors &= ~(uint)value, name: "ERRORSRC");
            registers.DefineRegister(0x500).WithValueField(0, 4, out enable, name: "ENABLE").WithReservedBits(4, 28);
            registers.DefineRegister(0x50C).WithValueField(0, 32, out sendPin, name: "PSEL.TXD");
            registers.DefineRegister(0x514).WithValueField(0, 32, out receivePin, name: "PSEL.RXD");
            registers.DefineRegister(0x524).WithValueField(0, 32, out baudRate, name: "BAUDRATE");
            registers.DefineRegister(0x534).WithValueField(0, 32, out receivePointer, name: "RXD.PTR");
            registers.DefineRegister(0x538).WithValueField(0, 16, out receiveMaximum, name: "RXD.MAXCNT").WithReservedBits(16, 16);
            registers.DefineRegister(0x53C).WithValueField(0, 32, FieldMode.Read, valueProviderCallback: _ => received, name: "RXD.AMOUNT");
            registers.DefineRegister(0x544).WithValueField(0, 32, out sendPointer, name: "TXD.PTR");
            registers.DefineRegister(0x548).WithValueField(0, 16, out sendMaximum, name: "TXD.MAXCNT").WithReservedBits(16, 16);
        }

        public override void Reset()
        {
            base.Reset();
            registers.Reset();
            shared.Reset();
            fifo.Clear();
            errors = 0;
            listening = false;
            filling = false;
        }

        public uint ReadDoubleWord(long offset)
        {
            return registers.Read(offset);
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            registers.Write(offset, value);
        }

        // Monitor: `uarte0 Receive "4A0A"`. Any characters, in hexadecimal digits.
        public void Receive(string digits)
        {
            for(var at = 0; at < digits.Length; at += 2)
            {
                WriteChar(Convert.ToByte(digits.Substring(at, 2), 16));
            }
        }

        // Monitor: `uarte0 Break`. The line goes low, and stays low for longer than a character.
        public void Break()
        {
            Complain(FramingError | BreakCondition);
            Arrive(0);
        }

        public GPIO IRQ { get { return shared.IRQ; } }

        public long Size { get { return 0x1000; } }

        public override Bits StopBits { get { return Bits.One; } }

        public override Parity ParityBit { get { return Parity.None; } }

        // By the register's table; 0 where it holds none of its values.
        public override uint BaudRate { get { return Rates.ContainsKey((uint)baudRate.Value) ? Rates[(uint)baudRate.Value] : 0; } }

        // Characters that came while nobody listened, or too many at once.
        public int Dropped { get; private set; }

        // Whoever writes does so at once: on the wire the characters come one after the other.
        protected override void CharWritten()
        {
            if(!arriving)
            {
                arriving = true;
                Machine.ScheduleAction(Characters(1), _ => ArriveNext());
            }
        }

        protected override void QueueEmptied()
        {
        }

        private void ArriveNext()
        {
            arriving = false;
            byte character;
            if(TryGetCharacter(out character))
            {
                Arrive(character);
            }
            if(Count > 0)
            {
                CharWritten();
            }
        }

        private void Arrive(byte character)
        {
            if(!listening)
            {
                Dropped++;
                return;
            }
            if(fifo.Count == FifoSize)
            {
                Dropped++;
                Complain(Overrun);
                return;
            }
            fifo.Enqueue(character);
            Fill();
        }

        private void Fill()
        {
            while(filling && fifo.Count > 0)
            {
                sysbus.WriteByte(receivePointer.Value + received, fifo.Dequeue());
                received++;
                if(received == receiveMaximum.Value)
                {
                    filling = false;
                    shared.Raise(EndRx);
                }
            }
        }

        private void StartReceiving()
        {
            NeedsCrystal("receives");
            shared.Require(receivePin.Value == (ulong)rxPin, "PSEL.RXD is not the board's pin");
            shared.Require(ReadsLowUndriven(pins[rxPin]), "RXD is no input with a pull-down");
            shared.Require(SplkitInterface.InRam(receivePointer.Value, receiveMaximum.Value), "RXD has no place in RAM");
            listening = true;
            filling = true;
            received = 0;
            Fill();
        }

        private void StopReceiving()
        {
            listening = false;
            shared.After(Characters(5), () =>
            {
                if(filling)
                {
                    filling = false;
                    shared.Raise(EndRx);
                }
                shared.Raise(RxTimeout);
            });
        }

        private void StartSending()
        {
            NeedsCrystal("sends");
            shared.Require(sendPin.Value == (ulong)txPin, "PSEL.TXD is not the board's pin");
            shared.Require(IdlesHigh(pins[txPin]), "TXD is no output that idles high");
            shared.Require(SplkitInterface.InRam(sendPointer.Value, sendMaximum.Value), "TXD is not in RAM");
            var text = sysbus.ReadBytes(sendPointer.Value, (int)sendMaximum.Value);
            shared.After(Characters(text.Length), () =>
            {
                foreach(var character in text)
                {
                    TransmitCharacter(character);
                }
                shared.Raise(EndTx);
            });
        }

        // The internal oscillator is off by up to 8 %: no UART can be made of it.
        private void NeedsCrystal(string does)
        {
            if(!power.CrystalRuns)
            {
                this.Log(LogLevel.Error, "{0} while the crystal does not run", does);
            }
            shared.Require(enable.Value == Enabled, "the UARTE is not enabled");
            shared.Require(BaudRate != 0, "BAUDRATE is none of its table");
        }

        private static bool IdlesHigh(NRF52840_GPIO.Pin pin)
        {
            return pin.Direction == NRF52840_GPIO.PinDirection.Output && pin.OutputValue;
        }

        // Renode's InputOverride is set where PIN_CNF connects the input buffer.
        private static bool ReadsLowUndriven(NRF52840_GPIO.Pin pin)
        {
            return pin.Direction == NRF52840_GPIO.PinDirection.Input && pin.InputOverride && pin.PullMode == NRF52840_GPIO.PullMode.PullDown;
        }

        private TimeInterval Characters(int count)
        {
            return TimeInterval.FromMicroseconds((ulong)count * BitsACharacter * 1000000 / Math.Max(BaudRate, 9600));
        }

        private void Complain(uint error)
        {
            errors |= error;
            shared.Raise(Error);
        }

        private uint errors;
        private bool arriving;
        private bool listening;
        private bool filling;
        private ulong received;
        private readonly Queue<byte> fifo = new Queue<byte>();
        private readonly DoubleWordRegisterCollection registers;
        private readonly SplkitInterface shared;
        private readonly IBusController sysbus;
        private readonly SplkitPower power;
        private readonly NRF52840_GPIO.Pin[] pins;
        private readonly int txPin;
        private readonly int rxPin;
        private readonly IValueRegisterField enable;
        private readonly IValueRegisterField sendPin;
        private readonly IValueRegisterField receivePin;
        private readonly IValueRegisterField baudRate;
        private readonly IValueRegisterField receivePointer;
        private readonly IValueRegisterField receiveMaximum;
        private readonly IValueRegisterField sendPointer;
        private readonly IValueRegisterField sendMaximum;

        // Events by number.
        private const int EndRx = 4;
        private const int EndTx = 8;
        private const int Error = 9;
        private const int RxTimeout = 17;
        private const int TxStopped = 22;

        private static readonly Dictionary<uint, uint> Rates = new Dictionary<uint, uint>
        {
            { 0x00275000, 9600 }, { 0x009D0000, 38400 }, { 0x00EB0000, 57600 }, { 0x01D60000, 115200 },
            { 0x03B00000, 230400 }, { 0x07400000, 460800 }, { 0x0F000000, 921600 }, { 0x10000000, 1000000 },
        };

        private const ulong Enabled = 8;
        private const uint Overrun = 1u << 0;
        private const uint FramingError = 1u << 2;
        private const uint BreakCondition = 1u << 3;
        private const int FifoSize = 6;
        private const ulong BitsACharacter = 10;
    }
}
