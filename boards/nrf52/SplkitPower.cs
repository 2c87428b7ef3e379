// CLOCK and POWER of the nRF52840 (Product Specification v1.7, 5.3 and 5.4), which share an address: crystals that take
// their time to start, RESETREAS, the warning of the power-fail comparator, and the DC/DC converters. Compiled by Renode at run time.
using System;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Miscellaneous
{
    public class SplkitPower : BasicDoubleWordPeripheral, IKnownSize
    {
        public SplkitPower(IMachine machine, NRF52840_Watchdog watchdog) : base(machine)
        {
            shared = new SplkitInterface(this, machine, RegistersCollection);
            watchdog.EventTriggered += _ => cause = ByWatchdog;
            cause = BySoftware;
            shared.DefineTask(0x000, StartCrystal);
            shared.DefineTask(0x004, StopCrystal);
            shared.DefineTask(0x008, () => StartSlowCrystal());
            shared.DefineTask(0x00C, () => slowCrystalRuns = false);
            shared.DefineEvents(HfclkStarted, LfclkStarted, PowerFailWarning);
            RegistersCollection.DefineRegister(0x400)
                .WithValueField(0, 32, valueProviderCallback: _ => reasons, writeCallback: (_, value) => reasons &= ~(uint)value, name: "RESETREAS");
            RegistersCollection.DefineRegister(0x418)
                .WithReservedBits(0, 16)
                .WithFlag(16, FieldMode.Read, valueProviderCallback: _ => slowCrystalRuns, name: "LFCLKSTAT.STATE")
                .WithReservedBits(17, 15);
            RegistersCollection.DefineRegister(0x510)
                .WithFlag(0, out warns, name: "POFCON.POF")
                .WithValueField(1, 4, out threshold, name: "POFCON.THRESHOLD")
                .WithReservedBits(5, 3)
                .WithValueField(8, 4, name: "POFCON.THRESHOLDVDDH")
                .WithReservedBits(12, 20)
                .WithWriteCallback((_, __) => shared.Require(!warns.Value || threshold.Value == Volts2V1, "POFCON is not 2.1 V"));
            RegistersCollection.DefineRegister(0x518)
                .WithValueField(0, 2, writeCallback: (_, value) => ChooseSource(value), name: "LFCLKSRC")
                .WithReservedBits(2, 30);
            RegistersCollection.DefineRegister(0x578)
                .WithFlag(0, out converts, writeCallback: (_, value) => shared.Require(!value || HasInductor, "DCDCEN: REG1 has no inductor"), name: "DCDCEN")
                .WithReservedBits(1, 31);
            RegistersCollection.DefineRegister(0x580)
                .WithFlag(0, writeCallback: (_, value) => shared.Require(!value, "DCDCEN0: REG0 has no inductor"), name: "DCDCEN0")
                .WithReservedBits(1, 31);
            RegistersCollection.DefineRegister(0x558).WithValueField(0, 8, name: "APPROTECT.DISABLE").WithReservedBits(8, 24);
        }

        // RESETREAS outlives what it tells of, but for the power itself.
        public override void Reset()
        {
            base.Reset();
            reasons = cause == 0 ? 0 : reasons | cause;
            if(forgets)
            {
                forgets = false;
                var noise = new byte[RamBytes];
                new Random(1).NextBytes(noise);
                sysbus.WriteBytes(noise, RamAddress);
            }
            cause = BySoftware;
            shared.Reset();
            StopCrystal();
            slowCrystalRuns = false;
        }

        // Whether REG1's is fitted. Monitor: `power HasInductor true`.
        public bool HasInductor { get; set; }

        // Monitor: `power Dip`. The supply falls under the threshold, and recovers.
        public void Dip()
        {
            if(warns.Value)
            {
                shared.Raise(PowerFailWarning);
            }
        }

        // Monitor: `power BrownOut`. It falls as far as the reset, but the RAM keeps what it holds.
        public void BrownOut()
        {
            Dip();
            After(100, ResetByPower);
        }

        // The supply is gone, and comes back: nothing is left in the RAM.
        public void Lose()
        {
            forgets = true;
            ResetByPower();
        }

        public GPIO IRQ { get { return shared.IRQ; } }

        public long Size { get { return 0x1000; } }

        public bool CrystalRuns { get; private set; }

        // Whether the comparator would warn.
        public bool Warns { get { return warns.Value; } }

        // How long it has run in all, its start included: what it takes of a battery.
        public ulong CrystalMicroseconds { get { return (crystalTime + (crystalStarted ? shared.Elapsed() - startedAt : TimeInterval.Empty)).Ticks / TimeInterval.TicksPerMicrosecond; } }

        private void ResetByPower()
        {
            cause = 0;
            machine.RequestReset();
        }

        private void ChooseSource(ulong source)
        {
            shared.Require(source == Crystal && !slowCrystalRuns, "LFCLKSRC is no crystal, or is written while one runs");
        }

        private void StartSlowCrystal()
        {
            shared.Require(converts.Value == HasInductor, "DCDCEN is off, and REG1 has its inductor");
            After(SlowCrystalMicroseconds, () => { slowCrystalRuns = true; shared.Raise(LfclkStarted); });
        }

        private void StartCrystal()
        {
            if(!crystalStarted)
            {
                crystalStarted = true;
                startedAt = shared.Elapsed();
            }
            After(FastCrystalMicroseconds, () => { CrystalRuns = true; shared.Raise(HfclkStarted); });
        }

        private void StopCrystal()
        {
            CrystalRuns = false;
            if(crystalStarted)
            {
                crystalStarted = false;
                crystalTime += shared.Elapsed() - startedAt;
            }
        }

        private void After(ulong microseconds, Action action)
        {
            shared.After(TimeInterval.FromMicroseconds(microseconds), action);
        }

        private bool forgets;
        private bool slowCrystalRuns;
        private bool crystalStarted;
        private TimeInterval startedAt;
        private TimeInterval crystalTime;
        private uint cause;
        private uint reasons;
        private IFlagRegisterField warns;
        private IFlagRegisterField converts;
        private IValueRegisterField threshold;
        private readonly SplkitInterface shared;

        private const ulong Crystal = 1;
        private const ulong Volts2V1 = 8;
        private const int HfclkStarted = 0;
        private const int LfclkStarted = 1;
        private const int PowerFailWarning = 2;
        private const uint ByWatchdog = 1u << 1;
        private const uint BySoftware = 1u << 2;
        private const ulong FastCrystalMicroseconds = 360;
        private const ulong SlowCrystalMicroseconds = 250000;
        private const ulong RamAddress = 0x20000000;
        private const int RamBytes = 0x8000; // more than any firmware of ours uses
    }
}
