// What all peripherals of the nRF52840 have in common (Product Specification v1.7, 6.1): tasks that are triggered by writing 1,
// events that are set until they are written 0, and interrupts, a bit an event. Compiled by Renode at run time, before the
// peripherals that have one.
using System;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Miscellaneous
{
    public class SplkitInterface
    {
        public SplkitInterface(IPeripheral owner, IMachine machine, DoubleWordRegisterCollection registers)
        {
            this.owner = owner;
            this.machine = machine;
            this.registers = registers;
            IRQ = new GPIO();
            DefineInterrupts(0x300, value => value);
            DefineInterrupts(0x304, value => interrupts | value);
            DefineInterrupts(0x308, value => interrupts & ~value);
        }

        // A reset forgets what was to happen after a while.
        public void Reset()
        {
            events = 0;
            interrupts = 0;
            run++;
            IRQ.Unset();
        }

        public void DefineTask(long offset, Action action)
        {
            registers.DefineRegister(offset)
                .WithFlag(0, FieldMode.Write, writeCallback: (_, value) => { if(value) { action(); } })
                .WithReservedBits(1, 31);
        }

        // By number: an event's register is 0x100 + 4 * number, its interrupt's bit is its number.
        public void DefineEvents(params int[] numbers)
        {
            foreach(var number in numbers)
            {
                var bit = 1u << number;
                registers.DefineRegister(FirstEvent + 4 * number)
                    .WithFlag(0, valueProviderCallback: _ => (events & bit) != 0,
                        writeCallback: (_, value) => { events = value ? events | bit : events & ~bit; Update(); })
                    .WithReservedBits(1, 31);
            }
        }

        public void Raise(int number)
        {
            events |= 1u << number;
            Update();
            if(Raised != null)
            {
                Raised((uint)(FirstEvent + 4 * number));
            }
        }

        public void After(TimeInterval delay, Action action)
        {
            var asked = run;
            machine.ScheduleAction(delay, _ => { if(run == asked) { action(); } });
        }

        // Exact, where Renode's own time is that of its last synchronization with the core.
        public TimeInterval Elapsed()
        {
            ICPU cpu;
            if(machine.SystemBus.TryGetCurrentCPU(out cpu))
            {
                cpu.SyncTime();
            }
            return machine.ElapsedVirtualTime.TimeElapsed;
        }

        // A setting that the chip or the board is not for ends the test that looks for it.
        public void Require(bool holds, string otherwise)
        {
            if(!holds)
            {
                owner.Log(LogLevel.Error, "refused: {0}", otherwise);
            }
        }

        // What EasyDMA reaches.
        public static bool InRam(ulong address, ulong size)
        {
            return size > 0 && address >= RamAddress && address + size <= RamAddress + RamBytes;
        }

        // With the offset of the event's register.
        public event Action<uint> Raised;

        public GPIO IRQ { get; private set; }

        private void DefineInterrupts(long offset, Func<uint, uint> change)
        {
            registers.DefineRegister(offset)
                .WithValueField(0, 32, valueProviderCallback: _ => interrupts,
                    writeCallback: (_, value) => { interrupts = change((uint)value); Update(); });
        }

        private void Update()
        {
            IRQ.Set((events & interrupts) != 0);
        }

        private uint events;
        private uint interrupts;
        private int run;
        private readonly IPeripheral owner;
        private readonly IMachine machine;
        private readonly DoubleWordRegisterCollection registers;

        private const long FirstEvent = 0x100;
        private const ulong RamAddress = 0x20000000;
        private const ulong RamBytes = 0x40000;
    }
}
