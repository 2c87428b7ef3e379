// An RTC of the nRF52840 (Product Specification v1.7, 6.22), 24 bits at 32768 Hz, exact to the nanosecond: Renode's own
// tells the time of its last synchronization, and wraps a tick early. Compiled by Renode at run time.
using System;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Timers
{
    public class SplkitRtc : BasicDoubleWordPeripheral, IKnownSize, INRFEventProvider
    {
        public SplkitRtc(IMachine machine) : base(machine)
        {
            IRQ = new GPIO();
            RegistersCollection.DefineRegister(0x000)
                .WithFlag(0, FieldMode.Write, writeCallback: (_, value) => { if(value) { Start(); } }, name: "TASKS_START")
                .WithReservedBits(1, 31);
            DefineSet(0x304, 0x308, () => interrupts, value => { interrupts = value; Update(); });
            DefineSet(0x344, 0x348, () => routed, value => routed = value);
            RegistersCollection.DefineRegister(0x504).WithValueField(0, 32, FieldMode.Read, valueProviderCallback: _ => Now() & Mask, name: "COUNTER");
            for(var channel = 0; channel < ChannelCount; channel++)
            {
                var number = channel;
                var bit = 1u << (FirstBit + number);
                RegistersCollection.DefineRegister(FirstEvent + 4 * number)
                    .WithFlag(0, valueProviderCallback: _ => (events & bit) != 0,
                        writeCallback: (_, value) => { events = value ? events | bit : events & ~bit; Update(); })
                    .WithReservedBits(1, 31);
                RegistersCollection.DefineRegister(0x540 + 4 * number)
                    .WithValueField(0, 24, out compare[number], writeCallback: (_, __) => Schedule(number), name: "CC")
                    .WithReservedBits(24, 8);
            }
        }

        public override void Reset()
        {
            base.Reset();
            running = false;
            events = 0;
            interrupts = 0;
            routed = 0;
            for(var channel = 0; channel < ChannelCount; channel++)
            {
                asked[channel]++;
            }
            IRQ.Unset();
        }

        // To the PPI, with the offset of the event's register.
        public event Action<uint> EventTriggered;

        public GPIO IRQ { get; private set; }

        public long Size { get { return 0x1000; } }

        private void Start()
        {
            running = true;
            start = Elapsed();
        }

        private TimeInterval Elapsed()
        {
            if(sysbus.TryGetCurrentCPU(out var cpu))
            {
                cpu.SyncTime();
            }
            return machine.ElapsedVirtualTime.TimeElapsed;
        }

        private ulong Now()
        {
            return running ? (Elapsed() - start).Ticks * Hz / TimeInterval.TicksPerSecond : 0;
        }

        // A compare register that is written has its event two ticks later at the earliest.
        private void Schedule(int channel)
        {
            var number = ++asked[channel];
            if(!running)
            {
                this.Log(LogLevel.Error, "CC[{0}] is set before TASKS_START: not modelled", channel);
                return;
            }
            var now = Now();
            var ahead = (compare[channel].Value - now) & Mask;
            if(ahead < Nearest)
            {
                this.Log(LogLevel.Error, "CC[{0}] is set {1} ticks ahead: too near", channel, ahead);
                return;
            }
            var due = ((now + ahead) * TimeInterval.TicksPerSecond + Hz - 1) / Hz;
            var delay = TimeInterval.FromTicks(due) - (Elapsed() - start);
            machine.ScheduleAction(delay, _ => { if(asked[channel] == number) { Reach(channel); } });
        }

        private void Reach(int channel)
        {
            var bit = 1u << (FirstBit + channel);
            events |= bit;
            Update();
            if((routed & bit) != 0 && EventTriggered != null)
            {
                EventTriggered((uint)(FirstEvent + 4 * channel));
            }
        }

        private void DefineSet(long set, long clear, Func<uint> read, Action<uint> write)
        {
            RegistersCollection.DefineRegister(set)
                .WithValueField(0, 32, valueProviderCallback: _ => read(), writeCallback: (_, value) => write(read() | (uint)value));
            RegistersCollection.DefineRegister(clear)
                .WithValueField(0, 32, valueProviderCallback: _ => read(), writeCallback: (_, value) => write(read() & ~(uint)value));
        }

        private void Update()
        {
            IRQ.Set((events & interrupts) != 0);
        }

        private bool running;
        private uint events;
        private uint interrupts;
        private uint routed;
        private TimeInterval start;
        private readonly int[] asked = new int[ChannelCount];
        private readonly IValueRegisterField[] compare = new IValueRegisterField[ChannelCount];

        private const int ChannelCount = 4;
        private const int FirstBit = 16;
        private const long FirstEvent = 0x140;
        private const ulong Hz = 32768;
        private const ulong Mask = 0xFFFFFF;
        private const ulong Nearest = 2;
    }
}
