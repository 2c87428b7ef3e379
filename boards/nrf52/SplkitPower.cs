// CLOCK and POWER of the nRF52840 (Product Specification v1.7, 5.3 and 5.4), which share an address: the crystal starts at
// once, and RESETREAS tells a reset by the watchdog from one by software. Compiled by Renode at run time.
using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Peripherals.Timers;

namespace Antmicro.Renode.Peripherals.Miscellaneous
{
    public class SplkitPower : BasicDoubleWordPeripheral, IKnownSize
    {
        public SplkitPower(IMachine machine, NRF52840_Watchdog watchdog) : base(machine)
        {
            watchdog.EventTriggered += _ => watchdogResets = true;
            RegistersCollection.DefineRegister(0x000)
                .WithFlag(0, FieldMode.Write, writeCallback: (_, value) => crystalRuns.Value |= value, name: "TASKS_HFCLKSTART")
                .WithReservedBits(1, 31);
            RegistersCollection.DefineRegister(0x100)
                .WithFlag(0, out crystalRuns, name: "EVENTS_HFCLKSTARTED")
                .WithReservedBits(1, 31);
            RegistersCollection.DefineRegister(0x400)
                .WithValueField(0, 32, valueProviderCallback: _ => reasons,
                    writeCallback: (_, value) => reasons &= ~(uint)value, name: "RESETREAS");
        }

        // RESETREAS outlives what it tells of.
        public override void Reset()
        {
            base.Reset();
            reasons |= watchdogResets ? ByWatchdog : BySoftware;
            watchdogResets = false;
        }

        public long Size { get { return 0x1000; } }

        private bool watchdogResets;
        private uint reasons;
        private IFlagRegisterField crystalRuns;

        private const uint ByWatchdog = 1u << 1;
        private const uint BySoftware = 1u << 2;
    }
}
