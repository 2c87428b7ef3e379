// CLOCK and POWER of the nRF52840 (Product Specification v1.7, 5.3 and 5.4), which share an address: crystals that take
// their time to start, RESETREAS, and the warning of the power-fail comparator. Compiled by Renode at run time.
using System;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Miscellaneous
{
    public class SplkitPower : BasicDoubleWordPeripheral, IKnownSize
    {
        public SplkitPower(IMachine machine, NRF52840_Watchdog watchdog) : base(machine)
        {
            IRQ = new GPIO();
            watchdog.EventTriggered += _ => cause = ByWatchdog;
            cause = BySoftware;
            DefineTask(0x000, StartCrystal);
            DefineTask(0x004, StopCrystal);
            DefineTask(0x008, () => After(SlowCrystalMicroseconds, () => { slowCrystalRuns = true; Raise(LfclkStarted); }));
            DefineTask(0x00C, () => slowCrystalRuns = false);
            foreach(var number in new[] { HfclkStarted, LfclkStarted, PowerFailWarning })
            {
                DefineEvent(number);
            }
            RegistersCollection.DefineRegister(0x304)
                .WithValueField(0, 32, valueProviderCallback: _ => interrupts, writeCallback: (_, value) => { interrupts |= (uint)value; Update(); });
            RegistersCollection.DefineRegister(0x400)
                .WithValueField(0, 32, valueProviderCallback: _ => reasons, writeCallback: (_, value) => reasons &= ~(uint)value, name: "RESETREAS");
            RegistersCollection.DefineRegister(0x418)
                .WithReservedBits(0, 16)
                .WithFlag(16, FieldMode.Read, valueProviderCallback: _ => slowCrystalRuns, name: "LFCLKSTAT.STATE")
                .WithReservedBits(17, 15);
            RegistersCollection.DefineRegister(0x510)
                .WithFlag(0, out warns, name: "POFCON.POF")
                .WithValueField(1, 4, name: "POFCON.THRESHOLD")
                .WithReservedBits(5, 27);
            RegistersCollection.DefineRegister(0x518)
                .WithValueField(0, 2, writeCallback: (_, value) => ChooseSource(value), name: "LFCLKSRC")
                .WithReservedBits(2, 30);
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
            events = 0;
            interrupts = 0;
            StopCrystal();
            slowCrystalRuns = false;
            run++;
            IRQ.Unset();
        }

        // Monitor: `power Dip`. The supply falls under the threshold, and recovers.
        public void Dip()
        {
            if(warns.Value)
            {
                Raise(PowerFailWarning);
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

        public GPIO IRQ { get; private set; }

        public long Size { get { return 0x1000; } }

        public bool CrystalRuns { get; private set; }

        // Whether the comparator would warn.
        public bool Warns { get { return warns.Value; } }

        // How long it has run in all, its start included: what it takes of a battery.
        public ulong CrystalMicroseconds { get { return (crystalTime + (crystalStarted ? Elapsed() - startedAt : TimeInterval.Empty)).Ticks / TimeInterval.TicksPerMicrosecond; } }

        private void ResetByPower()
        {
            cause = 0;
            machine.RequestReset();
        }

        private void ChooseSource(ulong source)
        {
            if(source != Crystal || slowCrystalRuns)
            {
                this.Log(LogLevel.Error, "refused: LFCLKSRC is no crystal, or is written while one runs");
            }
        }

        private void StartCrystal()
        {
            if(!crystalStarted)
            {
                crystalStarted = true;
                startedAt = Elapsed();
            }
            After(FastCrystalMicroseconds, () => { CrystalRuns = true; Raise(HfclkStarted); });
        }

        private void StopCrystal()
        {
            CrystalRuns = false;
            if(crystalStarted)
            {
                crystalStarted = false;
                crystalTime += Elapsed() - startedAt;
            }
        }

        private TimeInterval Elapsed()
        {
            ICPU cpu;
            if(sysbus.TryGetCurrentCPU(out cpu))
            {
                cpu.SyncTime();
            }
            return machine.ElapsedVirtualTime.TimeElapsed;
        }

        private void After(ulong microseconds, Action action)
        {
            var asked = run;
            machine.ScheduleAction(TimeInterval.FromMicroseconds(microseconds), _ => { if(run == asked) { action(); } });
        }

        private void DefineTask(long offset, Action action)
        {
            RegistersCollection.DefineRegister(offset)
                .WithFlag(0, FieldMode.Write, writeCallback: (_, value) => { if(value) { action(); } })
                .WithReservedBits(1, 31);
        }

        private void DefineEvent(int number)
        {
            var bit = 1u << number;
            RegistersCollection.DefineRegister(0x100 + 4 * number)
                .WithFlag(0, valueProviderCallback: _ => (events & bit) != 0,
                    writeCallback: (_, value) => { events = value ? events | bit : events & ~bit; Update(); })
                .WithReservedBits(1, 31);
        }

        private void Raise(int number)
        {
            events |= 1u << number;
            Update();
        }

        private void Update()
        {
            IRQ.Set((events & interrupts) != 0);
        }

        private int run;
        private bool forgets;
        private bool slowCrystalRuns;
        private bool crystalStarted;
        private TimeInterval startedAt;
        private TimeInterval crystalTime;
        private uint cause;
        private uint reasons;
        private uint events;
        private uint interrupts;
        private IFlagRegisterField warns;

        private const ulong Crystal = 1;
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
