// The RADIO of the nRF52840 (Product Specification v1.7, 6.20) as a sender of BLE packets at 1 Mbit/s: what goes on air, with
// its CRC and its whitening, is written to a file. Compiled by Renode at run time.
using System;
using System.Collections.Generic;
using System.IO;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Time;
using Antmicro.Renode.Utilities;

namespace Antmicro.Renode.Peripherals.Wireless
{
    public class SplkitRadio : BasicDoubleWordPeripheral, IKnownSize
    {
        public SplkitRadio(IMachine machine, SplkitPower power) : base(machine)
        {
            this.power = power;
            IRQ = new GPIO();
            RegistersCollection.DefineRegister(0x000)
                .WithFlag(0, FieldMode.Write, writeCallback: (_, value) => { if(value) { Send(); } }, name: "TASKS_TXEN")
                .WithReservedBits(1, 31);
            RegistersCollection.DefineRegister(0x110)
                .WithFlag(0, out disabled, writeCallback: (_, __) => Update(), name: "EVENTS_DISABLED")
                .WithReservedBits(1, 31);
            shorts = Define(0x200);
            RegistersCollection.DefineRegister(0x304)
                .WithValueField(0, 32, valueProviderCallback: _ => interrupts, writeCallback: (_, value) => { interrupts |= (uint)value; Update(); });
            pointer = Define(0x504);
            frequency = Define(0x508);
            mode = Define(0x510);
            layout = Define(0x514);
            limits = Define(0x518);
            address = Define(0x51C);
            prefix = Define(0x524);
            crcLayout = Define(0x534);
            crcPolynomial = Define(0x538);
            crcStart = Define(0x53C);
            whitening = Define(0x554);
        }

        public override void Reset()
        {
            base.Reset();
            interrupts = 0;
            run++;
            IRQ.Unset();
        }

        // Monitor: `radio Capture @packets.txt`. A line a packet: microseconds, MHz, and all that follows the preamble.
        public void Capture(string path)
        {
            file = path;
            File.WriteAllText(path, "");
        }

        public GPIO IRQ { get; private set; }

        public long Size { get { return 0x1000; } }

        public int Packets { get; private set; }

        private IValueRegisterField Define(long offset)
        {
            IValueRegisterField field;
            RegistersCollection.DefineRegister(offset).WithValueField(0, 32, out field);
            return field;
        }

        private void Send()
        {
            if(!power.CrystalRuns || mode.Value != Ble1Mbit || shorts.Value != ReadyStartEndDisable || layout.Value != ByteHeaderByteLength
                || (limits.Value & ~0xFFul) != WhitenedFourByteAddress || crcLayout.Value != ThreeBytesWithoutAddress)
            {
                this.Log(LogLevel.Error, "refused: TASKS_TXEN without the crystal, or in a mode that is not modelled");
                return;
            }
            var packet = Packet();
            var onAir = TimeInterval.FromMicroseconds((ulong)(RampMicroseconds + (PreambleBytes + packet.Count) * 8));
            var asked = run;
            machine.ScheduleAction(onAir, _ => { if(run == asked) { Sent(packet); } });
        }

        private void Sent(List<byte> packet)
        {
            Packets++;
            if(file != null)
            {
                var time = machine.ElapsedVirtualTime.TimeElapsed.TotalMicroseconds;
                var text = BitConverter.ToString(packet.ToArray()).Replace("-", "");
                File.AppendAllText(file, string.Format("{0:F0} {1} {2}\n", time, 2400 + frequency.Value, text));
            }
            disabled.Value = true;
            Update();
        }

        // Access address, header, length, payload, CRC: the latter four whitened.
        private List<byte> Packet()
        {
            var length = sysbus.ReadByte(pointer.Value + 1);
            var bytes = sysbus.ReadBytes(pointer.Value, Math.Min(length, (int)(limits.Value & 0xFF)) + 2);
            var packet = new List<byte>(bytes);
            var crc = Crc(bytes);
            for(var at = 0; at < (int)(crcLayout.Value & 3); at++)
            {
                packet.Add((byte)(crc >> (8 * at)));
            }
            if((limits.Value & Whitened) != 0)
            {
                Whiten(packet);
            }
            packet.InsertRange(0, new[] { (byte)(address.Value >> 8), (byte)(address.Value >> 16), (byte)(address.Value >> 24), (byte)prefix.Value });
            return packet;
        }

        // Bits enter and leave lowest first; the CRC goes out highest first.
        private uint Crc(byte[] bytes)
        {
            var register = (uint)crcStart.Value;
            foreach(var each in bytes)
            {
                for(var bit = 0; bit < 8; bit++)
                {
                    var carry = ((register >> 23) ^ (uint)(each >> bit)) & 1;
                    register = (register << 1) & 0xFFFFFF;
                    register ^= carry * ((uint)crcPolynomial.Value & 0xFFFFFF);
                }
            }
            var reversed = 0u;
            for(var bit = 0; bit < 24; bit++)
            {
                reversed |= ((register >> (23 - bit)) & 1) << bit;
            }
            return reversed;
        }

        // x^7 + x^4 + 1, from the channel on, whose highest bit is always set.
        private void Whiten(List<byte> packet)
        {
            var state = (uint)(whitening.Value & 0x3F) | 0x40;
            for(var at = 0; at < packet.Count; at++)
            {
                var mask = 0;
                for(var bit = 0; bit < 8; bit++)
                {
                    var last = state & 1;
                    mask |= (int)last << bit;
                    state >>= 1;
                    if(last != 0)
                    {
                        state ^= 0x44;
                    }
                }
                packet[at] ^= (byte)mask;
            }
        }

        private void Update()
        {
            IRQ.Set(disabled.Value && (interrupts & (1u << 4)) != 0);
        }

        private int run;
        private uint interrupts;
        private string file;
        private readonly SplkitPower power;
        private readonly IFlagRegisterField disabled;
        private readonly IValueRegisterField shorts;
        private readonly IValueRegisterField pointer;
        private readonly IValueRegisterField frequency;
        private readonly IValueRegisterField mode;
        private readonly IValueRegisterField layout;
        private readonly IValueRegisterField limits;
        private readonly IValueRegisterField address;
        private readonly IValueRegisterField prefix;
        private readonly IValueRegisterField crcLayout;
        private readonly IValueRegisterField crcPolynomial;
        private readonly IValueRegisterField crcStart;
        private readonly IValueRegisterField whitening;

        private const ulong Ble1Mbit = 3;
        private const ulong ReadyStartEndDisable = 3;
        private const ulong ByteHeaderByteLength = (1 << 8) | 8;
        private const ulong Whitened = 1 << 25;
        private const ulong WhitenedFourByteAddress = Whitened | (3 << 16); // little-endian, no static length
        private const ulong ThreeBytesWithoutAddress = (1 << 8) | 3;
        private const int RampMicroseconds = 140;
        private const int PreambleBytes = 1;
    }
}
