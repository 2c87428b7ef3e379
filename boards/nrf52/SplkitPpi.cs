// The PPI of the nRF52840 (Product Specification v1.7, 6.16), channels 0 to 19: an event triggers its channel's task in the
// same instant. Renode's own waits for its next synchronization point, by which time the core may have seen the event and
// gone back to sleep. Compiled by Renode at run time: `include @SplkitPpi.cs`.
using System.Collections.Generic;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Logging;

namespace Antmicro.Renode.Peripherals.Miscellaneous
{
    public class SplkitPpi : BasicDoubleWordPeripheral, IKnownSize
    {
        public SplkitPpi(IMachine machine) : base(machine)
        {
            RegistersCollection.DefineRegister(0x500)
                .WithValueField(0, 32, valueProviderCallback: _ => enabled, writeCallback: (_, value) => enabled = (uint)value);
            RegistersCollection.DefineRegister(0x504)
                .WithValueField(0, 32, valueProviderCallback: _ => enabled, writeCallback: (_, value) => enabled |= (uint)value);
            RegistersCollection.DefineRegister(0x508)
                .WithValueField(0, 32, valueProviderCallback: _ => enabled, writeCallback: (_, value) => enabled &= ~(uint)value);
            for(var channel = 0; channel < ChannelCount; channel++)
            {
                var number = channel;
                RegistersCollection.DefineRegister(0x510 + 8 * number)
                    .WithValueField(0, 32, out events[number], writeCallback: (_, value) => Listen((uint)value), name: "EEP");
                RegistersCollection.DefineRegister(0x514 + 8 * number)
                    .WithValueField(0, 32, out tasks[number], name: "TEP");
            }
        }

        public override void Reset()
        {
            base.Reset();
            enabled = 0;
        }

        public long Size { get { return 0x1000; } }

        // To every event of a peripheral, once: the channels decide.
        private void Listen(uint address)
        {
            var page = address - address % PageSize;
            var source = sysbus.WhatPeripheralIsAt(address) as INRFEventProvider;
            if(source == null)
            {
                this.Log(LogLevel.Error, "0x{0:X} is no event", address);
            }
            else if(sources.Add(page))
            {
                source.EventTriggered += offset => OnEvent(page + offset);
            }
        }

        private void OnEvent(uint address)
        {
            for(var channel = 0; channel < ChannelCount; channel++)
            {
                if((enabled & (1u << channel)) != 0 && events[channel].Value == address)
                {
                    sysbus.WriteDoubleWord(tasks[channel].Value, 1);
                }
            }
        }

        private uint enabled;
        private readonly HashSet<uint> sources = new HashSet<uint>();
        private readonly IValueRegisterField[] events = new IValueRegisterField[ChannelCount];
        private readonly IValueRegisterField[] tasks = new IValueRegisterField[ChannelCount];

        private const int ChannelCount = 20;
        private const uint PageSize = 0x1000;
    }
}
