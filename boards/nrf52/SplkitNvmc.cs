// The NVMC of the nRF52840 (Product Specification v1.7, 4.3) and the pages of the flash that hold settings: a word is only
// written while writing is enabled, and only loses bits; a page is erased in parts, and is not erased before 85 ms of them;
// the core stands still meanwhile. The power can be cut in the midst of any of it. Compiled by Renode at run time.
using System;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.MTD
{
    public class SplkitNvmc : BasicDoubleWordPeripheral, IKnownSize
    {
        public SplkitNvmc(IMachine machine, SplkitFlashPages pages, SplkitPower power) : base(machine)
        {
            this.pages = pages;
            this.power = power;
            pages.Written += Write;
            RegistersCollection.DefineRegister(0x400).WithFlag(0, FieldMode.Read, valueProviderCallback: _ => !busy, name: "READY").WithReservedBits(1, 31);
            RegistersCollection.DefineRegister(0x504)
                .WithValueField(0, 2, out mode, name: "CONFIG.WEN", writeCallback: (_, value) =>
                {
                    if(value > EraseEnabled)
                    {
                        this.Log(LogLevel.Error, "refused: CONFIG.WEN is a reserved value");
                    }
                })
                .WithReservedBits(2, 30);
            RegistersCollection.DefineRegister(0x518)
                .WithValueField(0, 32, FieldMode.Write, writeCallback: (_, value) => ErasePart((uint)value), name: "ERASEPAGEPARTIAL");
            RegistersCollection.DefineRegister(0x51C, 10).WithValueField(0, 7, out partMilliseconds, name: "ERASEPAGEPARTIALCFG").WithReservedBits(7, 25);
            RegistersCollection.DefineRegister(0x540).WithFlag(0, name: "ICACHECNF.CACHEEN").WithReservedBits(1, 31);
        }

        public override void Reset()
        {
            base.Reset();
            busy = false;
            run++;
        }

        // Monitor: `nvmc CutPowerAt 3`. The third operation from now on is begun, and not finished. 0: none.
        public void CutPowerAt(int operation)
        {
            Operations = 0;
            cutAt = operation;
        }

        public long Size { get { return 0x1000; } }

        // Words written and parts of an erasure, since the last CutPowerAt.
        public int Operations { get; private set; }

        private void Write(long offset, uint value)
        {
            if(mode.Value != WriteEnabled)
            {
                this.Log(LogLevel.Error, "a write to 0x{0:X} of the settings while writing is not enabled", offset);
                return;
            }
            if(Begin())
            {
                pages.ClearBits(offset, value);
                StandStill(TimeInterval.FromMicroseconds(WriteMicroseconds));
            }
            else
            {
                pages.ClearBits(offset, value | Noise());
                power.Lose();
            }
        }

        private void ErasePart(uint address)
        {
            if(mode.Value != EraseEnabled)
            {
                this.Log(LogLevel.Error, "an erasure of 0x{0:X} while erasing is not enabled", address);
                return;
            }
            if(Begin())
            {
                pages.ErasePart(address, (int)partMilliseconds.Value, Noise);
                StandStill(TimeInterval.FromMilliseconds(partMilliseconds.Value));
            }
            else
            {
                pages.ErasePart(address, 0, Noise);
                power.Lose();
            }
        }

        // Whether the power lasts until the end of the operation. A warning of the supply in its midst would stop the core (anomaly 242).
        private bool Begin()
        {
            if(power.Warns)
            {
                this.Log(LogLevel.Error, "refused: an operation while the power-fail comparator is on");
            }
            Operations++;
            return Operations != cutAt;
        }

        private uint Noise()
        {
            return (uint)random.Next() << 16 ^ (uint)random.Next();
        }

        private void StandStill(TimeInterval time)
        {
            ICPU cpu;
            if(!sysbus.TryGetCurrentCPU(out cpu))
            {
                return;
            }
            busy = true;
            var asked = run;
            var core = (BaseCPU)cpu;
            core.IsHalted = true;
            machine.ScheduleAction(time, _ =>
            {
                core.IsHalted = false;
                busy = busy && asked != run;
            });
        }

        private bool busy;
        private int run;
        private int cutAt;
        private readonly Random random = new Random(1);
        private readonly SplkitFlashPages pages;
        private readonly SplkitPower power;
        private readonly IValueRegisterField mode;
        private readonly IValueRegisterField partMilliseconds;

        private const ulong WriteEnabled = 1;
        private const ulong EraseEnabled = 2;
        private const ulong WriteMicroseconds = 41;
    }
}
